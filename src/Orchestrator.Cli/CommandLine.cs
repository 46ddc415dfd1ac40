using System.CommandLine;
using Orchestrator.Cli.Inspecting;
using Orchestrator.Cli.Migrations;
using Orchestrator.Cli.Workflows;

namespace Orchestrator.Cli;

/// <summary>The commands.</summary>
internal static class CommandLine
{
    public static RootCommand Create() => new("Looks after projections that run under Orchestrator.Hosting. Exit codes: 0 done; 1 refused or failed, or something was found; 2 wrong command line or settings; 3 the database cannot be asked; 130 cancelled.")
    {
        new Command("migrations", "The database schema.") { GenerateCommand.Create(), RolesCommand.Create(), ApplyCommand.Create(), Migrations.StatusCommand.Create() },
        Inspecting.StatusCommand.Create(),
        WorkersCommand.Create(),
        GenerationsCommand.Create(),
        LagCommand.Create(),
        DoctorCommand.Create(),
        new Command("workflows", "The runs of workflows.") { ListCommand.Create(), ShowCommand.Create(), RetryCommand.Create() },
    };

    /// <summary>Runs what a command line says.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, InvocationConfiguration? configuration = null)
    {
        ParseResult line = Create().Parse(arguments);
        int exitCode = await line.InvokeAsync(configuration);
        return line.Errors.Count > 0 ? ExitCodes.WrongCommandLine : exitCode;
    }
}
