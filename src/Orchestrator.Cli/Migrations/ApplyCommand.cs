using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Cli.Connecting;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.Cli.Migrations;

/// <summary><c>orchestrator migrations apply</c>: brings the tables up to date, as <c>MigrateOrchestratorAsync()</c> does.</summary>
internal static class ApplyCommand
{
    public static Command Create()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what is missing." };
        var adopt = new Option<bool>("--adopt") { Description = "First make an events table that another program created fit. It keeps its rows, and is locked meanwhile; see docs/tables.md." };
        var command = new Command("apply", "Applies the migrations that the database lacks, all in one transaction. Safe to run again, and beside others that migrate. Needs the right to create tables.") { dryRun, adopt };
        command.SetDatabaseAction(
            (context, cancellationToken) => ApplyAsync(context, context.Line.GetValue(dryRun), cancellationToken),
            (line, options) => options.AdoptExistingLog |= line.GetValue(adopt));
        return command;
    }

    private static async Task<int> ApplyAsync(DatabaseContext context, bool dryRun, CancellationToken cancellationToken)
    {
        PostgreSqlMigrator migrator = context.Services.GetRequiredService<PostgreSqlMigrator>();

        // Looks before it migrates: who cannot connect is told where to and why.
        IReadOnlyList<MigrationState> states = await migrator.ReadStateAsync(cancellationToken);
        if (dryRun)
        {
            await TellAsync(context, [.. states.Where(state => state.AppliedAt is null).Select(state => state.FileName)], "missing");
            return ExitCodes.Success;
        }

        try
        {
            await TellAsync(context, await migrator.MigrateAsync(cancellationToken), "applied");
            return ExitCodes.Success;
        }
        catch (SchemaException e)
        {
            await context.Console.FailAsync(e.Message);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            await context.Console.FailAsync($"This user may not migrate: {e.MessageText}. Nothing was changed. Connect as the tables' owner (with the roles of 'migrations roles': Options=-c role=orchestrator_migrator), or grant CREATE on the schema.");
        }

        return ExitCodes.Refused;
    }

    private static async Task TellAsync(DatabaseContext context, IReadOnlyList<string> migrations, string what)
    {
        foreach (string migration in migrations)
        {
            await context.Console.WriteLineAsync($"{what}: {migration}");
        }

        if (migrations.Count == 0)
        {
            await context.Console.WriteLineAsync("Nothing to do: the tables are up to date.");
        }
    }
}
