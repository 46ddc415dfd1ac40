using System.CommandLine;
using Orchestrator.Cli.Connecting;
using Orchestrator.Cli.Output;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.Cli.Migrations;

/// <summary><c>orchestrator migrations roles</c>: prints the script that makes the roles for who migrates, works, appends and reads.</summary>
internal static class RolesCommand
{
    public static Command Create()
    {
        var names = new NameOptions();
        var prefix = new Option<string>("--prefix")
        {
            Description = "What the roles' names begin with.",
            DefaultValueFactory = _ => RoleScript.DefaultPrefix,
        };
        var command = new Command("roles", "Prints SQL that makes roles for who migrates, runs projections, appends, and only looks. Pipe it to psql behind the migrations; it can run again without harm.") { prefix };
        names.AddTo(command);
        command.SetAction((line, _) => PrintAsync(
            names.Read(line), line.GetValue(prefix)!, new CommandConsole(line.InvocationConfiguration)));
        return command;
    }

    private static async Task<int> PrintAsync(PostgreSqlOptions options, string prefix, CommandConsole console)
    {
        List<string> faults = [.. new PostgreSqlOptionsValidator().Validate(null, options).Failures ?? []];
        if (!RoleScript.IsPrefix(prefix))
        {
            faults.Add($"--prefix is '{prefix}'. Allowed: ^[a-z_][a-z0-9_]{{0,52}}$.");
        }

        if (faults.Count > 0)
        {
            await console.FailAsync(faults);
            return ExitCodes.WrongCommandLine;
        }

        await console.Output.WriteAsync(RoleScript.Render(options, prefix));
        return ExitCodes.Success;
    }
}
