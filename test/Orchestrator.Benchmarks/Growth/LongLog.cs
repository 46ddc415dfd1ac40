using Npgsql;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.Growth;

/// <summary>Fills a log by the million: the server makes the rows itself, with the columns, the trigger and the heads that appends leave. Ids rise with time, as those of new events do.</summary>
internal static class LongLog
{
    private const int Aggregates = 10_000;

    // A transaction of so many rows.
    private const int Chunk = 250_000;

    /// <summary>Appends events of 10,000 aggregates in turns.</summary>
    /// <returns>The last event's position.</returns>
    public static async Task<long> FillAsync(BenchmarkDatabase database, int events, CancellationToken cancellationToken)
    {
        byte[] payload = SampleEvents.Create().Payload.ToArray();
        for (int first = 0; first < events; first += Chunk)
        {
            await using NpgsqlCommand command = database.DataSource.CreateCommand(
                $"""
                INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload, created_at)
                SELECT 'Order', 'order-' || lpad((n % {Aggregates})::text, 5, '0'), 1 + n / {Aggregates}, ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'OrderLineAdded', 1, $3, now()
                FROM generate_series($1, $2 - 1) AS n
                """);
            command.CommandTimeout = 0;
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = first });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Math.Min(first + Chunk, events) });
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = payload });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await ExecuteAsync(database, "INSERT INTO aggregate_heads (aggregate_type, aggregate_id, aggregate_version) SELECT aggregate_type, aggregate_id, max(aggregate_version) FROM events GROUP BY 1, 2", cancellationToken);
        await ExecuteAsync(database, "VACUUM ANALYZE events", cancellationToken);
        return await database.NumberAsync("SELECT max(global_position) FROM events", cancellationToken);
    }

    private static async Task ExecuteAsync(BenchmarkDatabase database, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.DataSource.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
