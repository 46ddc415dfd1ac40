using Npgsql;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>Whether the checkpoints lie within the log. Asked before a worker registers, and by the reader when its session begins.</summary>
internal static class CheckpointCheck
{
    /// <summary>Asks.</summary>
    /// <returns>The checkpoint that is furthest ahead: everything up to it is settled.</returns>
    /// <exception cref="EventLogRewoundException">It is ahead of the log.</exception>
    public static async Task<FurthestCheckpoint> CheckAsync(NpgsqlConnection connection, SqlCatalog sql, LogHistory history, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql["check_checkpoints"], connection);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                FurthestCheckpoint checkpoint = reader.IsDBNull(2) ? new(0, null, null) : new(reader.GetInt64(1), reader.GetString(2), reader.GetString(3));
                history.Compare(checkpoint, reader.GetInt64(0), sql.NameOf("projection_checkpoints"));
                return checkpoint;
            }
        }
    }
}
