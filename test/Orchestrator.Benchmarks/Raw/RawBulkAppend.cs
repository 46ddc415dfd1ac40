using Npgsql;
using NpgsqlTypes;
using Orchestrator.Events;

namespace Orchestrator.Benchmarks.Raw;

/// <summary>An import of aggregates that are known to be new, in one round trip and one transaction: their heads, and all events with the versions that follow from it.</summary>
internal sealed class RawBulkAppend(NpgsqlDataSource dataSource)
{
    private const string Heads = "INSERT INTO aggregate_heads (aggregate_type, aggregate_id, aggregate_version) SELECT * FROM unnest($1, $2, $3)";

    private const string Events =
        """
        INSERT INTO events (
          aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload, trace_id, correlation_id, causation_id, metadata, created_at)
        SELECT aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload,
          trace_id, correlation_id, causation_id, metadata::jsonb, coalesce(created_at, statement_timestamp())
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
          WITH ORDINALITY AS e (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload, trace_id, correlation_id, causation_id, metadata, created_at, n)
        ORDER BY n
        RETURNING global_position
        """;

    /// <summary>Appends.</summary>
    /// <returns>The last event's position.</returns>
    public async Task<long> AppendAsync(IReadOnlyList<AggregateAppend> appends, CancellationToken cancellationToken)
    {
        (AggregateAppend Append, long Version, EventData Data)[] events = [.. appends.SelectMany(append => append.Events.Select((data, index) => (append, index + 1L, data)))];
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(Heads)
                {
                    Parameters =
                    {
                        Column(appends, append => append.AggregateType, NpgsqlDbType.Text),
                        Column(appends, append => append.AggregateId, NpgsqlDbType.Text),
                        Column(appends, append => (long)append.Events.Count, NpgsqlDbType.Bigint),
                    },
                },
                new NpgsqlBatchCommand(Events)
                {
                    Parameters =
                    {
                        Column(events, e => e.Append.AggregateType, NpgsqlDbType.Text),
                        Column(events, e => e.Append.AggregateId, NpgsqlDbType.Text),
                        Column(events, e => e.Version, NpgsqlDbType.Bigint),
                        Column(events, e => e.Data.EventId, NpgsqlDbType.Uuid),
                        Column(events, e => e.Data.EventType, NpgsqlDbType.Text),
                        Column(events, e => e.Data.EventVersion, NpgsqlDbType.Integer),
                        Column(events, e => e.Data.Payload, NpgsqlDbType.Bytea),
                        Column(events, e => e.Data.TraceId, NpgsqlDbType.Uuid),
                        Column(events, e => e.Data.CorrelationId, NpgsqlDbType.Uuid),
                        Column(events, e => e.Data.CausationId, NpgsqlDbType.Uuid),
                        Column(events, e => e.Data.Metadata, NpgsqlDbType.Text),
                        Column(events, e => e.Data.CreatedAt, NpgsqlDbType.TimestampTz),
                    },
                },
            },
        };
        await batch.PrepareAsync(cancellationToken);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        long position = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            position = reader.GetInt64(0);
        }

        return position;
    }

    private static NpgsqlParameter<T[]> Column<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> value, NpgsqlDbType type)
    {
        var values = new T[rows.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        return new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
