namespace Orchestrator.Cli.Migrations;

/// <summary>What the command tells: results to the one writer, faults to the other.</summary>
internal sealed record GenerateConsole(TextWriter Output, TextWriter Error)
{
    public Task WroteAsync(string path) => Output.WriteLineAsync(path);

    public async Task FailAsync(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            await Error.WriteLineAsync(line);
        }
    }
}
