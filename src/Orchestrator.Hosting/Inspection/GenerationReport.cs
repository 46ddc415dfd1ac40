namespace Orchestrator.Hosting.Inspection;

/// <summary>A distribution of the log over workers.</summary>
/// <param name="ReplicaSet">Whose.</param>
/// <param name="Id">Its number.</param>
/// <param name="State"><c>forming</c>, <c>active</c>, <c>static</c> (the share of one worker, set by hand) or <c>superseded</c>.</param>
/// <param name="TotalPartitions">How many partitions the log is divided into.</param>
/// <param name="Members">Its workers; the one at index k has partition k, and the one of a static generation has its <see cref="WorkerReport.Partition"/>.</param>
public sealed record GenerationReport(string ReplicaSet, long Id, string State, int TotalPartitions, IReadOnlyList<Guid> Members)
{
    /// <summary>The worker that formed it.</summary>
    public required Guid LeaderId { get; init; }

    /// <summary>How it comes to own the slots: <c>recreate</c> or <c>rolling</c>.</summary>
    public required string Strategy { get; init; }

    /// <summary>Why it was formed, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was formed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it became active; null: it has not.</summary>
    public required DateTimeOffset? ActivatedAt { get; init; }

    /// <summary>When another took its place; null: none has.</summary>
    public required DateTimeOffset? SupersededAt { get; init; }
}
