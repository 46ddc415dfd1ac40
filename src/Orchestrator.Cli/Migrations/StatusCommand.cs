using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Connecting;
using Orchestrator.Cli.Output;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.Cli.Migrations;

/// <summary><c>orchestrator migrations status</c>: which migrations the database has, and which it lacks.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var json = new JsonOption();
        var command = new Command("status", "Shows which migrations the database has, and which it lacks. Exit code 1: some are missing, or the database is newer than this tool.") { json };
        command.SetDatabaseAction((context, cancellationToken) => ShowAsync(context, context.Line.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> ShowAsync(DatabaseContext context, bool json, CancellationToken cancellationToken)
    {
        IReadOnlyList<MigrationState> states = await context.Services.GetRequiredService<PostgreSqlMigrator>().ReadStateAsync(cancellationToken);
        if (json)
        {
            await context.Console.WriteJsonAsync(Document(states));
        }
        else
        {
            var table = new TextTable("VERSION", "NAME", "STATE");
            foreach (MigrationState state in states)
            {
                table.Add(state.Version.ToString(CultureInfo.InvariantCulture), state.Name, Describe(state));
            }

            context.Console.Write(table);
        }

        return IsUpToDate(states) ? ExitCodes.Success : ExitCodes.Refused;
    }

    private static bool IsUpToDate(IReadOnlyList<MigrationState> states) => states.All(state => state is { AppliedAt: not null, IsKnown: true });

    private static string Describe(MigrationState state) => state switch
    {
        { AppliedAt: null } => "missing",
        { IsKnown: false } => "applied by a newer version: update this tool",
        _ => $"applied {state.AppliedAt.Value.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}",
    };

    private static JsonObject Document(IReadOnlyList<MigrationState> states) => new()
    {
        ["isUpToDate"] = IsUpToDate(states),
        ["migrations"] = new JsonArray(
        [
            .. states.Select(state => new JsonObject
            {
                ["version"] = state.Version,
                ["name"] = state.Name,
                ["appliedAt"] = state.AppliedAt,
                ["isKnown"] = state.IsKnown,
            }),
        ]),
    };
}
