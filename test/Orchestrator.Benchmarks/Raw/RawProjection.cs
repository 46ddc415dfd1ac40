using Npgsql;
using Orchestrator.Events;

namespace Orchestrator.Benchmarks.Raw;

/// <summary>What a batch does with its events: the statements that go with its checkpoint.</summary>
internal delegate IEnumerable<NpgsqlBatchCommand> RawApply(IReadOnlyList<PersistedEvent> events);

/// <summary>A projection as a loop: read a page in the order of the log, apply it, go on behind it.</summary>
internal sealed class RawProjection(NpgsqlDataSource dataSource)
{
    private const string PageSql =
        """
        SELECT global_position, aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload,
          trace_id, correlation_id, causation_id, metadata, created_at
        FROM events WHERE global_position > $1 ORDER BY global_position LIMIT $2
        """;

    /// <summary>Runs from the beginning to the end of the log.</summary>
    /// <param name="pageSize">How many events a page, and a transaction.</param>
    /// <param name="apply">What a batch does; null: only read, without a transaction or a checkpoint.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many events there were.</returns>
    public async Task<long> RunAsync(int pageSize, RawApply? apply, CancellationToken cancellationToken)
    {
        long position = 0;
        for (long count = 0; ;)
        {
            List<PersistedEvent> page = await ReadPageAsync(position, pageSize, cancellationToken);
            if (page.Count == 0)
            {
                return count;
            }

            position = page[^1].GlobalPosition;
            count += page.Count;
            if (apply is not null)
            {
                await ApplyAsync(page, position, apply, cancellationToken);
            }
        }
    }

    /// <summary>The table of the checkpoint.</summary>
    public static string CheckpointTable => "CREATE TABLE IF NOT EXISTS raw_checkpoint (name text PRIMARY KEY, position bigint NOT NULL); INSERT INTO raw_checkpoint VALUES ('raw', 0) ON CONFLICT DO NOTHING";

    /// <summary>Reads one page.</summary>
    public async Task<List<PersistedEvent>> ReadPageAsync(long after, int pageSize, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(PageSql, connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = after }, new NpgsqlParameter<int> { TypedValue = pageSize } },
        };
        await command.PrepareAsync(cancellationToken);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<PersistedEvent>(pageSize);
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(Read(reader));
        }

        return events;
    }

    /// <summary>Applies one batch and moves the checkpoint, in one transaction that does not wait for the disk, and in two round trips.</summary>
    public async Task ApplyAsync(IReadOnlyList<PersistedEvent> events, long position, RawApply apply, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var begin = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands = { new NpgsqlBatchCommand("SET LOCAL synchronous_commit = off"), new NpgsqlBatchCommand("SELECT position FROM raw_checkpoint WHERE name = 'raw' FOR UPDATE") },
        };
        await begin.PrepareAsync(cancellationToken);
        await begin.ExecuteNonQueryAsync(cancellationToken);
        var move = new NpgsqlBatchCommand("UPDATE raw_checkpoint SET position = $1 WHERE name = 'raw'") { Parameters = { new NpgsqlParameter<long> { TypedValue = position } } };
        await using var end = new NpgsqlBatch(connection, transaction);
        foreach (NpgsqlBatchCommand command in apply(events).Append(move).Append(new NpgsqlBatchCommand("COMMIT")))
        {
            end.BatchCommands.Add(command);
        }

        await end.PrepareAsync(cancellationToken);
        await end.ExecuteNonQueryAsync(cancellationToken);
    }

    private static PersistedEvent Read(NpgsqlDataReader row) => new()
    {
        GlobalPosition = row.GetInt64(0),
        AggregateType = row.GetString(1),
        AggregateId = row.GetString(2),
        AggregateVersion = row.GetInt64(3),
        EventId = row.GetGuid(4),
        EventType = row.GetString(5),
        EventVersion = row.GetInt32(6),
        Payload = row.GetFieldValue<byte[]>(7),
        TraceId = row.IsDBNull(8) ? null : row.GetGuid(8),
        CorrelationId = row.IsDBNull(9) ? null : row.GetGuid(9),
        CausationId = row.IsDBNull(10) ? null : row.GetGuid(10),
        Metadata = row.IsDBNull(11) ? null : row.GetString(11),
        CreatedAt = new DateTimeOffset(row.GetDateTime(12)),
    };
}
