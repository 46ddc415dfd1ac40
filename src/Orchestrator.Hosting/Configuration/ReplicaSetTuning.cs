namespace Orchestrator.Hosting.Configuration;

/// <summary>What of a replica set's settings may change while it runs.</summary>
/// <param name="PollInterval">The longest pause between two looks at an idle log.</param>
internal sealed record ReplicaSetTuning(TimeSpan PollInterval)
{
    public static ReplicaSetTuning Of(ReplicaSetOptions options) => new(options.PollInterval);
}
