using Npgsql;
using NpgsqlTypes;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>Whether the user may do all that a worker does. Asked before a worker registers, so that everything that is missing is said at once.</summary>
internal static class RightsCheck
{
    // What the statements in Sql/ do. The script of roles.sql grants the same; a test runs a host under it.
    private static readonly (string Table, string Rights)[] s_needed =
    [
        ("orchestrator_migrations", "SELECT"),
        ("events", "SELECT"),
        ("projection_checkpoints", "SELECT, INSERT, UPDATE, DELETE"),
        ("orchestrator_replica_sets", "SELECT, INSERT, UPDATE"),
        ("orchestrator_generations", "SELECT, INSERT, UPDATE"),
        ("orchestrator_workers", "SELECT, INSERT, UPDATE, DELETE"),
        ("orchestrator_heartbeats", "SELECT, INSERT, UPDATE, DELETE"),
    ];

    /// <summary>Asks.</summary>
    /// <exception cref="MissingRightsException">A right is missing.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, SqlCatalog sql, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = CreateCommand(connection, sql);
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
                    throw new MissingRightsException(grants);
                }
            }
        }
    }

    private static NpgsqlCommand CreateCommand(NpgsqlConnection connection, SqlCatalog sql) => new(sql["check_rights"], connection)
    {
        Parameters =
        {
            new() { Value = (object?)sql.Schema ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new NpgsqlParameter<string> { TypedValue = sql.NameOf("orchestrator_migrations") },
            new NpgsqlParameter<string> { TypedValue = sql.NameOf("events") },
            new NpgsqlParameter<string[]> { TypedValue = [.. s_needed.Select(needed => sql.NameOf(needed.Table))] },
            new NpgsqlParameter<string[]> { TypedValue = [.. s_needed.Select(needed => needed.Rights)] },
        },
    };
}
