using System.Collections.Immutable;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.Generations;

/// <summary>What a decision is made from: the rows, and what an observer with a monotonic clock has concluded from watching them. Immutable.</summary>
/// <param name="Active">The generation that owns the slots, if any.</param>
/// <param name="Forming">The generation that waits for activation, if any.</param>
/// <param name="Workers">Every registered worker, in the order of registration.</param>
/// <param name="JoinsSettled">Whether the workers that wait to be taken in have waited long enough for others.</param>
/// <param name="FormingTimedOut">Whether the forming generation has waited for acknowledgements long enough.</param>
/// <param name="BackingOff">Whether generations have failed to become active lately, and the next must wait a little.</param>
/// <param name="MaxWorkers">The most members of a generation, or null: no limit.</param>
internal sealed record ReplicaSetSnapshot(
    Generation? Active,
    Generation? Forming,
    ImmutableArray<WorkerSnapshot> Workers,
    bool JoinsSettled,
    bool FormingTimedOut,
    bool BackingOff,
    int? MaxWorkers = null)
{
    /// <summary>How generations that are formed from now on come to own the slots.</summary>
    public RebalanceStrategy Strategy { get; init; }

    /// <summary>The workers that generations are formed of.</summary>
    public IEnumerable<Candidate> Candidates => Candidate.Of(Workers);

    /// <summary>The workers that have taken a partition which was set by hand. While there are any, no generation may be formed.</summary>
    public IEnumerable<WorkerSnapshot> StaticOwners => Workers.Where(worker => worker.IsStatic && worker.AcknowledgedGeneration > 0);
}

/// <summary>A registered worker, with a verdict on its life.</summary>
/// <param name="Id">The worker.</param>
/// <param name="AcknowledgedGeneration">The newest generation that it has acknowledged.</param>
/// <param name="HeartbeatSequence">The heartbeat that the verdict rests on.</param>
/// <param name="Removal">Why it must be removed, or null: it lives.</param>
internal sealed record WorkerSnapshot(Guid Id, long AcknowledgedGeneration, long HeartbeatSequence, RemovalReason? Removal)
{
    /// <summary>The projections that it has.</summary>
    public ImmutableArray<string> Projections { get; init; } = [];

    /// <summary>Whether its partition is set by hand.</summary>
    public bool IsStatic { get; init; }
}
