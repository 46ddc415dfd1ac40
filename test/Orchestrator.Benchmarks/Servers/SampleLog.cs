namespace Orchestrator.Benchmarks.Servers;

/// <summary>Events kept in a table of their own, from which a log is filled at once: in one transaction, so that all of them appear at the same time.</summary>
internal sealed class SampleLog(BenchmarkDatabase database)
{
    private int _used;

    /// <summary>Appends events through the product, and keeps a copy. The log is left filled.</summary>
    public static async Task<SampleLog> CreateAsync(BenchmarkDatabase database, int events, CancellationToken cancellationToken)
    {
        await SampleEvents.AppendLogAsync(database, events, cancellationToken);
        await database.ExecuteAsync("CREATE TABLE sample_log AS SELECT row_number() OVER (ORDER BY global_position) AS place, events.* FROM events", cancellationToken);
        return new SampleLog(database);
    }

    /// <summary>Empties the log. Positions go on rising.</summary>
    public Task ClearAsync(CancellationToken cancellationToken)
    {
        _used = 0;
        return database.ExecuteAsync("TRUNCATE events", cancellationToken);
    }

    /// <summary>Adds the next events of the sample.</summary>
    /// <returns>The last one's position.</returns>
    public async Task<long> AddAsync(int events, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            $"""
            INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload, created_at)
            SELECT aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload, created_at
            FROM sample_log WHERE place > {_used} AND place <= {_used + events} ORDER BY place
            """,
            cancellationToken);
        _used += events;
        return await LastPositionAsync(cancellationToken);
    }

    /// <summary>The position of the log's last event.</summary>
    public Task<long> LastPositionAsync(CancellationToken cancellationToken) => database.NumberAsync("SELECT max(global_position) FROM events", cancellationToken);
}
