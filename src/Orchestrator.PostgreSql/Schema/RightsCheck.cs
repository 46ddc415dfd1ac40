using Npgsql;
using NpgsqlTypes;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>Whether the user may do what a worker does, asked before one registers, or what a reader does: so that everything that is missing is said at once.</summary>
internal static class RightsCheck
{
    // What the statements in Sql/ do. The script of roles.sql grants the same; tests run a host and the commands under it.
    private static readonly Need s_worker = new(
        "a worker",
        [
            ("orchestrator_migrations", "SELECT"),
            ("events", "SELECT"),
            ("projection_checkpoints", "SELECT, INSERT, UPDATE, DELETE"),
            ("orchestrator_replica_sets", "SELECT, INSERT, UPDATE"),
            ("orchestrator_generations", "SELECT, INSERT, UPDATE"),
            ("orchestrator_workers", "SELECT, INSERT, UPDATE, DELETE"),
            ("orchestrator_heartbeats", "SELECT, INSERT, UPDATE, DELETE"),
        ],
        LogColumns: []);

    private static readonly Need s_reader = new(
        "a reader",
        [
            ("orchestrator_migrations", "SELECT"),
            ("events", ""),
            ("projection_checkpoints", "SELECT"),
            ("orchestrator_replica_sets", "SELECT"),
            ("orchestrator_generations", "SELECT"),
            ("orchestrator_workers", "SELECT"),
            ("orchestrator_heartbeats", "SELECT"),
        ],
        LogColumns: ["global_position", "created_at"]);

    /// <summary>Asks about a worker's rights.</summary>
    /// <exception cref="MissingRightsException">A right is missing.</exception>
    public static Task CheckAsync(NpgsqlConnection connection, SqlCatalog sql, CancellationToken cancellationToken) =>
        CheckAsync(connection, sql, s_worker, cancellationToken);

    /// <summary>Asks about the rights of somebody who only looks at where everything stands.</summary>
    /// <exception cref="MissingRightsException">A right is missing.</exception>
    public static Task CheckReaderAsync(NpgsqlConnection connection, SqlCatalog sql, CancellationToken cancellationToken) =>
        CheckAsync(connection, sql, s_reader, cancellationToken);

    private static async Task CheckAsync(NpgsqlConnection connection, SqlCatalog sql, Need need, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = CreateCommand(connection, sql, need);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var grants = new List<string>();
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    grants.Add(reader.GetString(0));
                }

                if (grants.Count > 0)
                {
                    throw new MissingRightsException(need.Who, grants);
                }
            }
        }
    }

    private static NpgsqlCommand CreateCommand(NpgsqlConnection connection, SqlCatalog sql, Need need) => new(sql["check_rights"], connection)
    {
        Parameters =
        {
            new() { Value = (object?)sql.Schema ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new NpgsqlParameter<string> { TypedValue = sql.NameOf("orchestrator_migrations") },
            new NpgsqlParameter<string> { TypedValue = sql.NameOf("events") },
            new NpgsqlParameter<string[]> { TypedValue = [.. need.Tables.Select(needed => sql.NameOf(needed.Table))] },
            new NpgsqlParameter<string[]> { TypedValue = [.. need.Tables.Select(needed => needed.Rights)] },
            new NpgsqlParameter<string[]> { TypedValue = need.LogColumns },
        },
    };

    /// <summary>What somebody needs.</summary>
    /// <param name="Who">Who needs it, in words.</param>
    /// <param name="Tables">What on which table; the log is among them, with whatever right, because its sequence is read.</param>
    /// <param name="LogColumns">Columns of the log that must be readable, where the whole of it need not be.</param>
    private sealed record Need(string Who, (string Table, string Rights)[] Tables, string[] LogColumns);
}
