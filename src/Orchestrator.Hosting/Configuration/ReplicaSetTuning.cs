namespace Orchestrator.Hosting.Configuration;

/// <summary>What of a replica set's settings may change while it runs.</summary>
/// <param name="PollInterval">The longest pause between two looks at an idle log.</param>
/// <param name="CatchUpTarget">In what time a backlog should be worked off.</param>
/// <param name="ScaleDownPatience">For how long fewer workers must have been enough before fewer are asked for.</param>
internal sealed record ReplicaSetTuning(TimeSpan PollInterval, TimeSpan CatchUpTarget, TimeSpan ScaleDownPatience)
{
    public static ReplicaSetTuning Of(ReplicaSetOptions options) => new(options.PollInterval, options.CatchUpTarget, options.ScaleDownPatience);
}
