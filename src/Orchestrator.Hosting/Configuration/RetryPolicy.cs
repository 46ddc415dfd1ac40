namespace Orchestrator.Hosting.Configuration;

/// <summary>How a projection's failing handler is tried again, when all is said. Immutable.</summary>
/// <param name="MaxAttempts">How often an event is tried alone.</param>
/// <param name="InitialDelay">The pause behind the first failure.</param>
/// <param name="MaxDelay">The longest pause.</param>
/// <param name="JitterFactor">By how much of itself a pause varies.</param>
internal sealed record RetryPolicy(int MaxAttempts, TimeSpan InitialDelay, TimeSpan MaxDelay, double JitterFactor)
{
    /// <summary>What a replica set says.</summary>
    public static RetryPolicy Of(RetryOptions replicaSet) => new(replicaSet.MaxAttempts, replicaSet.InitialDelay, replicaSet.MaxDelay, replicaSet.JitterFactor);

    /// <summary>What a projection says, and where it says nothing, its replica set.</summary>
    public static RetryPolicy Of(ProjectionRetryOptions own, RetryOptions replicaSet) => new(
        own.MaxAttempts ?? replicaSet.MaxAttempts,
        own.InitialDelay ?? replicaSet.InitialDelay,
        own.MaxDelay ?? replicaSet.MaxDelay,
        own.JitterFactor ?? replicaSet.JitterFactor);
}
