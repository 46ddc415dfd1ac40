using System.Globalization;
using Npgsql;

namespace Orchestrator.ChaosTests.Checking;

/// <summary>
/// Compares the log with what the projections have written, by SQL over the two tables alone: its verdict knows nothing of checkpoints, generations or workers.
/// </summary>
internal sealed class TraceChecker(NpgsqlDataSource dataSource)
{
    private const string Projections = "(VALUES ('queued'), ('batched')) AS p (projection)";

    public static async Task CreateTraceAsync(NpgsqlDataSource dataSource)
    {
        await using NpgsqlCommand create = dataSource.CreateCommand(
            """
            CREATE TABLE trace (
              id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, projection text NOT NULL, aggregate_id text NOT NULL, version bigint NOT NULL, position bigint NOT NULL,
              worker_id uuid NOT NULL, generation_id bigint NOT NULL)
            """);
        await create.ExecuteNonQueryAsync();
    }

    public Task<long> CountEventsAsync() => ScalarAsync("SELECT count(*) FROM events");

    public Task<long> CountTraceAsync() => ScalarAsync("SELECT count(*) FROM trace");

    /// <summary>How many workers share the log now. Not part of any verdict: it tells a test when its fault has been dealt with.</summary>
    public Task<long> CountActivePartitionsAsync() => ScalarAsync("SELECT coalesce(max(total_partitions), 0) FROM orchestrator_generations WHERE state = 'active'");

    /// <summary>Waits until every event that is in the log now has been applied by every projection.</summary>
    public async Task WaitForAllAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (await ScalarAsync($"SELECT count(*) FROM events e CROSS JOIN {Projections} WHERE NOT EXISTS (SELECT FROM trace t WHERE t.projection = p.projection AND t.position = e.global_position)") is > 0 and var missing)
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, $"{missing} of {await CountEventsAsync()} events times two projections are still missing after {patience}.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>What is wrong, in numbers.</summary>
    public async Task<Verdict> CheckAsync() => new(
        await CountEventsAsync(),
        Lost: await ScalarAsync($"SELECT count(*) FROM events e CROSS JOIN {Projections} WHERE NOT EXISTS (SELECT FROM trace t WHERE t.projection = p.projection AND t.position = e.global_position)"),
        Twice: await ScalarAsync("SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM trace GROUP BY projection, position) t WHERE n > 1"),
        Phantom: await ScalarAsync("SELECT count(*) FROM trace t WHERE NOT EXISTS (SELECT FROM events e WHERE e.global_position = t.position AND e.aggregate_id = t.aggregate_id AND e.aggregate_version = t.version)"),
        OutOfOrder: await ScalarAsync("SELECT count(*) FROM (SELECT version, lag(version, 1, 0::bigint) OVER (PARTITION BY projection, aggregate_id ORDER BY id) AS before FROM trace) t WHERE version <> before + 1"));

    private async Task<long> ScalarAsync(string sql)
    {
        await using NpgsqlCommand command = dataSource.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}

/// <summary>What the checker found.</summary>
internal sealed record Verdict(long Events, long Lost, long Twice, long Phantom, long OutOfOrder)
{
    public bool IsClean => (Lost, Twice, Phantom, OutOfOrder) == (0, 0, 0, 0);
}
