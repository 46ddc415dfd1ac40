using System.CommandLine;
using Orchestrator.Benchmarks.Charts;
using Orchestrator.Benchmarks.Measuring;

namespace Orchestrator.Benchmarks.CommandLine;

/// <summary>Draws the charts of runs that were written as JSON.</summary>
internal static class ChartsCommand
{
    public static Command Create()
    {
        Argument<string[]> json = new("json") { Description = "Files that --json has written. Where two hold the same scenario, the later file counts.", Arity = ArgumentArity.OneOrMore };
        Option<string> folder = new("--out") { Description = "The folder to draw into.", Required = true };
        var command = new Command("charts", "Draws the charts of earlier runs.") { json, folder };
        command.SetAction((parsed, token) => DrawAsync(parsed.GetRequiredValue(json), parsed.GetRequiredValue(folder), token));
        return command;
    }

    private static async Task DrawAsync(IEnumerable<string> files, string folder, CancellationToken cancellationToken)
    {
        foreach (string file in files)
        {
            await ChartFiles.WriteAsync(folder, await ResultFile.ReadAsync(file, cancellationToken), cancellationToken);
        }
    }
}
