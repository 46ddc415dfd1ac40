using Npgsql;
using NpgsqlTypes;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>Whether the events table is set up as reading it safely needs. Asked before a worker registers, and by the reader itself: when its session begins, and now and then while it lives.</summary>
internal static class EventLogCheck
{
    /// <summary>The question, for a batch.</summary>
    public static NpgsqlBatchCommand Command(SqlCatalog sql) =>
        new(sql["check_event_log"]) { Parameters = { new() { Value = sql.Resolve("events"), NpgsqlDbType = NpgsqlDbType.Text } } };

    /// <summary>Asks by itself.</summary>
    /// <exception cref="UnsafeEventLogException">The log cannot be read safely.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, SqlCatalog sql, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch(connection) { BatchCommands = { Command(sql) } };
        await using (batch.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                List<string> faults = await ReadFaultsAsync(reader, sql, cancellationToken).ConfigureAwait(false);
                if (faults.Count > 0)
                {
                    throw new UnsafeEventLogException(faults);
                }
            }
        }
    }

    /// <summary>Reads the answer: what is wrong, each with the way to mend it.</summary>
    public static async Task<List<string>> ReadFaultsAsync(NpgsqlDataReader reader, SqlCatalog sql, CancellationToken cancellationToken)
    {
        string events = sql.Resolve("events");
        return await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? [.. Faults(reader, events), .. FaultsOfRows(reader, events, sql.AggregateIdType)]
            : [$"The table {events} does not exist, although the migrations say so. Restore it from a backup, or migrate under other names."];
    }

    private static IEnumerable<string> Faults(NpgsqlDataReader row, string events)
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

    private static IEnumerable<string> FaultsOfRows(NpgsqlDataReader row, string events, AggregateIdType idType)
    {
        if (row.GetBoolean(8))
        {
            yield return $"{events} is UNLOGGED: a crash of the server empties it. Run: ALTER TABLE {events} SET LOGGED;";
        }

        if (row.GetBoolean(9))
        {
            yield return $"Row level security applies to this user on {events}: an event that it hides would be passed over. Run: ALTER ROLE ... BYPASSRLS; for the user, or ALTER TABLE {events} DISABLE ROW LEVEL SECURITY;";
        }

        AggregateIdType actual = row.GetBoolean(10) ? AggregateIdType.Uuid : AggregateIdType.Text;
        if (actual != idType)
        {
            yield return $"{events}.aggregate_id is {(actual == AggregateIdType.Uuid ? "uuid" : "not uuid")}, and {PostgreSqlSection.Path}:{nameof(PostgreSqlOptions.AggregateIdType)} is {idType}. Set it to {actual}, or Schema and EventsTable to the log that is meant.";
        }
    }
}
