namespace Orchestrator.Benchmarks.Servers;

/// <summary>How far a replica set has come, as the database shows it: it does not matter in which process its workers are.</summary>
/// <param name="database">The database.</param>
/// <param name="replicaSet">The replica set.</param>
internal sealed class Progress(BenchmarkDatabase database, string replicaSet)
{
    /// <summary>The replica set.</summary>
    public string ReplicaSet => replicaSet;

    /// <summary>Waits until a generation of so many workers is active.</summary>
    /// <returns>The generation.</returns>
    public Task<long> WaitForGenerationAsync(int workers, CancellationToken cancellationToken) => database.WaitForAsync(
        $"SELECT coalesce(max(generation_id), 0) FROM orchestrator_generations WHERE replica_set = '{replicaSet}' AND state = 'active' AND total_partitions = {workers}",
        cancellationToken);

    /// <summary>Waits until every checkpoint stands at a position.</summary>
    /// <param name="position">The position.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="stopped">A projection that need not.</param>
    public Task WaitForPositionAsync(long position, CancellationToken cancellationToken, string stopped = "") => database.WaitForAsync(
        $"SELECT (count(*) > 0 AND count(*) FILTER (WHERE position < {position}) = 0)::int FROM projection_checkpoints WHERE replica_set = '{replicaSet}' AND projection_name <> '{stopped}'",
        cancellationToken);

    /// <summary>Waits until something of each aggregate of <see cref="SteadyAppends"/> that is appended from now on has been applied: two rounds.</summary>
    public async Task WaitForNextEventsAsync(CancellationToken cancellationToken)
    {
        long position = await database.NumberAsync("SELECT coalesce(max(global_position), 0) FROM events", cancellationToken);
        await WaitForPositionAsync(position + (2 * SteadyAppends.Aggregates), cancellationToken);
    }
}
