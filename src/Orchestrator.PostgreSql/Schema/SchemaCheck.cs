using Npgsql;
using NpgsqlTypes;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>Checks that the schema is the one that the code works with, and that the event log can be read without losing events. One round trip.</summary>
internal sealed class SchemaCheck(PostgreSqlConnections connections, SqlCatalog sql)
{
    /// <summary>Checks.</summary>
    /// <exception cref="SchemaVersionException">The schema is missing, older or newer.</exception>
    /// <exception cref="UnsafeEventLogException">The event log, or the slot hash, is not what the guarantees rest on.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await connections.Work.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            List<string> faults = await ReadFaultsAsync(connection, cancellationToken).ConfigureAwait(false);
            if (faults.Count > 0)
            {
                throw new UnsafeEventLogException(faults);
            }
        }
    }

    private async Task<List<string>> ReadFaultsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string where = $"database '{connection.Database}'";
        var checkLog = new NpgsqlBatchCommand(sql["check_event_log"]) { Parameters = { new() { Value = sql.Resolve("events"), NpgsqlDbType = NpgsqlDbType.Text } } };
        var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new(sql["read_schema_version"]), checkLog, new(sql["check_slot_hash"]) },
        };
        await using (batch.ConfigureAwait(false))
        {
            try
            {
                NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    return await ReadFaultsAsync(reader, where, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
            {
                throw new SchemaVersionException(0, Migration.Latest, where, e);
            }
        }
    }

    private async Task<List<string>> ReadFaultsAsync(NpgsqlDataReader reader, string where, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        int version = reader.GetInt32(0);
        if (version != Migration.Latest)
        {
            throw new SchemaVersionException(version, Migration.Latest, where);
        }

        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        string events = sql.Resolve("events");
        List<string> faults = await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? [.. EventLogFaults(reader, events)]
            : [$"The table {events} does not exist, although the migrations say so. Restore it from a backup, or migrate under other names."];
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            faults.Add($"The checkpoints of the replica set '{reader.GetString(0)}' are about other slots: the server's hash function has changed. Rebuild its projections under a new name.");
        }

        return faults;
    }

    private static IEnumerable<string> EventLogFaults(NpgsqlDataReader row, string events)
    {
        if (row.GetBoolean(0))
        {
            yield return "The server is a standby: the locks that appenders hold on the primary are not there. Connect to the primary (Target Session Attributes=primary).";
        }

        if (!row.GetBoolean(1))
        {
            yield return $"{events} is partitioned or inherits: an insert into a part of it would not be announced. Use a plain table.";
        }

        if (row.GetBoolean(2))
        {
            yield return $"{events} is filled by a logical-replication subscription, which does not announce its inserts. Connect to the publisher.";
        }

        if (!row.GetBoolean(3))
        {
            yield return $"{events} lacks the trigger announce_append, or it is not ENABLE ALWAYS, or its function is another. Apply 001_create_tables.up.sql again: it mends that and keeps the rows.";
        }

        if (!row.GetBoolean(4))
        {
            yield return $"{events}.global_position is not GENERATED ALWAYS AS IDENTITY. Run: ALTER TABLE {events} ALTER COLUMN global_position SET GENERATED ALWAYS (ADD GENERATED ALWAYS AS IDENTITY where it has a default).";
        }
        else if (row.GetInt64(5) != 1 || row.GetInt64(6) != 1 || row.GetBoolean(7))
        {
            yield return $"The sequence of {events}.global_position must have CACHE 1, INCREMENT BY 1 and NO CYCLE. Run: ALTER TABLE {events} ALTER COLUMN global_position SET CACHE 1 SET INCREMENT BY 1 SET NO CYCLE;";
        }
    }
}
