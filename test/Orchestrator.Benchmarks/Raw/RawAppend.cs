using Npgsql;
using NpgsqlTypes;
using Orchestrator.Events;

namespace Orchestrator.Benchmarks.Raw;

/// <summary>An append in one round trip: moves the head if it is where it should be, and inserts the events behind it.</summary>
internal sealed class RawAppend(NpgsqlDataSource dataSource)
{
    private const string Sql =
        """
        WITH head AS (
          UPDATE aggregate_heads SET aggregate_version = aggregate_version + $4, updated_at = now()
          WHERE aggregate_type = $1 AND aggregate_id = $2 AND aggregate_version = $3
          RETURNING $3 AS version_before
        )
        INSERT INTO events (
          aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload, trace_id, correlation_id, causation_id, metadata, created_at)
        SELECT $1, $2, head.version_before + e.n, e.event_id, e.event_type, e.event_version, e.payload,
          e.trace_id, e.correlation_id, e.causation_id, e.metadata::jsonb, coalesce(e.created_at, statement_timestamp())
        FROM head, unnest($5, $6, $7, $8, $9, $10, $11, $12, $13)
          WITH ORDINALITY AS e (event_id, event_type, event_version, payload, trace_id, correlation_id, causation_id, metadata, created_at, n)
        ORDER BY e.n
        RETURNING global_position
        """;

    /// <summary>Appends behind a version that the aggregate must have.</summary>
    /// <returns>The last event's position.</returns>
    public async Task<long> AppendAsync(string aggregateType, string aggregateId, long version, IReadOnlyList<EventData> events, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = aggregateType, NpgsqlDbType = NpgsqlDbType.Text },
                new NpgsqlParameter<string> { TypedValue = aggregateId, NpgsqlDbType = NpgsqlDbType.Text },
                new NpgsqlParameter<long> { TypedValue = version },
                new NpgsqlParameter<long> { TypedValue = events.Count },
                Column(events, e => e.EventId, NpgsqlDbType.Uuid),
                Column(events, e => e.EventType, NpgsqlDbType.Text),
                Column(events, e => e.EventVersion, NpgsqlDbType.Integer),
                Column(events, e => e.Payload, NpgsqlDbType.Bytea),
                Column(events, e => e.TraceId, NpgsqlDbType.Uuid),
                Column(events, e => e.CorrelationId, NpgsqlDbType.Uuid),
                Column(events, e => e.CausationId, NpgsqlDbType.Uuid),
                Column(events, e => e.Metadata, NpgsqlDbType.Text),
                Column(events, e => e.CreatedAt, NpgsqlDbType.TimestampTz),
            },
        };
        await command.PrepareAsync(cancellationToken);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        long position = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            position = reader.GetInt64(0);
        }

        return position > 0 ? position : throw new InvalidOperationException($"{aggregateId} is not at version {version}.");
    }

    private static NpgsqlParameter<T[]> Column<T>(IReadOnlyList<EventData> events, Func<EventData, T> value, NpgsqlDbType type)
    {
        var values = new T[events.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = value(events[i]);
        }

        return new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
