using System.CommandLine;
using Orchestrator.Cli.Migrations;

namespace Orchestrator.Cli;

/// <summary>The commands.</summary>
internal static class CommandLine
{
    public static RootCommand Create() => new("Looks after projections that run under Orchestrator.Hosting. Exit codes: 0 done; 1 refused or failed, nothing is half done; 2 wrong command line.")
    {
        new Command("migrations", "The database schema.") { GenerateCommand.Create(), RolesCommand.Create() },
    };
}
