using System.CommandLine;
using Orchestrator.Cli.Migrations;

namespace Orchestrator.Cli;

/// <summary>The commands.</summary>
internal static class CommandLine
{
    public static RootCommand Create() => new("Looks after projections that run under Orchestrator.Hosting. Exit codes: 0 done; 1 refused or failed, or something was found; 2 wrong command line or settings; 3 the database cannot be asked; 130 cancelled.")
    {
        new Command("migrations", "The database schema.") { GenerateCommand.Create(), RolesCommand.Create(), ApplyCommand.Create(), StatusCommand.Create() },
    };
}
