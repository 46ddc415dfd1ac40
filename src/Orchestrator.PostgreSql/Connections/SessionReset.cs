using Npgsql;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Connections;

/// <summary>
/// Undoes what somebody else's statements may have left in a session of our pool. Npgsql would do so at every use of a pooled connection, with seven statements ahead of ours that cost an append half of the
/// server's time; our own statements leave nothing behind. All of DISCARD ALL but the plans, which are ours (https://www.postgresql.org/docs/current/sql-discard.html).
/// </summary>
internal static class SessionReset
{
    private const int TimeoutSeconds = 5;

    private static readonly string[] Statements =
    [
        "session_close_cursors", "session_reset_authorization", "session_reset_settings", "session_unlisten", "leave_locks", "session_discard_temp", "session_discard_sequences",
    ];

    /// <summary>Cleans an open session, in one round trip.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, bool rollBack)
    {
        var batch = new NpgsqlBatch(connection) { Timeout = TimeoutSeconds };
        await using (batch.ConfigureAwait(false))
        {
            if (rollBack)
            {
                batch.With("ROLLBACK");
            }

            foreach (string statement in Statements)
            {
                batch.With(SqlCatalog.ReadResource($"Sql.{statement}.sql"));
            }

            await batch.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
