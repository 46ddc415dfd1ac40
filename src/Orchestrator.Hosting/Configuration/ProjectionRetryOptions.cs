namespace Orchestrator.Hosting.Configuration;

/// <summary>What one projection does differently from its replica set's <see cref="ReplicaSetOptions.Retry"/> when its handler fails. Each value by itself: one that is not set here is the replica set's.</summary>
public sealed class ProjectionRetryOptions
{
    /// <summary>How often a failing event is tried alone before its checkpoint row stops (see <see cref="RetryOptions.MaxAttempts"/>). Default: null, the replica set's; 1 to 1,000.</summary>
    public int? MaxAttempts { get; set; }

    /// <summary>The pause behind the first failure; it doubles with every further one in a row. Default: null, the replica set's; 0 to 1 h.</summary>
    public TimeSpan? InitialDelay { get; set; }

    /// <summary>The longest pause. Default: null, the replica set's; at least the initial delay, wherever that comes from, to 1 h.</summary>
    public TimeSpan? MaxDelay { get; set; }

    /// <summary>By how much of itself a pause varies at random. Default: null, the replica set's; 0 to 1.</summary>
    public double? JitterFactor { get; set; }
}
