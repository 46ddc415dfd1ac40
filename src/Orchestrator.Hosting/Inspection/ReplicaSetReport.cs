namespace Orchestrator.Hosting.Inspection;

/// <summary>Where a replica set stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LeaderId">The worker that last became its leader; it may be gone since. Null: none has yet.</param>
public sealed record ReplicaSetReport(string Name, Guid? LeaderId)
{
    /// <summary>The generations that are not over: at most one active and one forming, or one for each worker whose partition is set by hand.</summary>
    public required IReadOnlyList<GenerationReport> Generations { get; init; }

    /// <summary>The workers that are registered, in the order of their registration.</summary>
    public required IReadOnlyList<WorkerReport> Workers { get; init; }

    /// <summary>The projections that have checkpoints, by name.</summary>
    public required IReadOnlyList<ProjectionReport> Projections { get; init; }
}
