using System.CommandLine;
using System.Text.Json;
using Orchestrator.Cli;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Cli;

/// <summary>A command of the tool that was run: in this process, or in one of its own as its user runs it.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Errors">What it printed as errors.</param>
internal sealed record CommandRun(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>The document that it printed.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>All that it printed.</summary>
    public string Everything => Output + Errors;

    public static async Task<CommandRun> OfAsync(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int exitCode = await CommandLine.RunAsync(arguments, new InvocationConfiguration { Output = output, Error = error });
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>In a process of its own.</summary>
    public static async Task<CommandRun> OfProcessAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ProgramRun run = await ProgramRun.OfAsync("orchestrator", arguments, Timeout, environment);
        return new CommandRun(run.ExitCode, run.Output, run.Errors);
    }
}
