namespace Orchestrator.Hosting.Configuration;

/// <summary>What of a projection's settings may change while it runs, its replica set's values filled in.</summary>
/// <param name="BatchSize">The most events of one transaction.</param>
/// <param name="MaxBatchDuration">A batch that has run for this long commits what it has done.</param>
/// <param name="Retry">What happens when its handler fails.</param>
internal sealed record ProjectionTuning(int BatchSize, TimeSpan MaxBatchDuration, RetryPolicy Retry)
{
    /// <summary>How many effects of a batch run at the same time.</summary>
    public int MaxConcurrency { get; init; } = 1;

    public static ProjectionTuning Of(ProjectionOptions own, ReplicaSetOptions replicaSet) =>
        new(own.BatchSize ?? replicaSet.BatchSize, own.MaxBatchDuration ?? replicaSet.MaxBatchDuration, RetryPolicy.Of(own.Retry, replicaSet.Retry)) { MaxConcurrency = own.MaxConcurrency };
}
