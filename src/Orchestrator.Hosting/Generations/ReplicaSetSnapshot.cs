using System.Collections.Immutable;

namespace Orchestrator.Hosting.Generations;

/// <summary>What a decision is made from: the rows, and what an observer with a monotonic clock has concluded from watching them. Immutable.</summary>
/// <param name="Active">The generation that owns the slots, if any.</param>
/// <param name="Forming">The generation that waits for activation, if any.</param>
/// <param name="Workers">Every registered worker, in the order of registration.</param>
/// <param name="JoinsSettled">Whether the workers that wait to be taken in have waited long enough for others.</param>
/// <param name="FormingTimedOut">Whether the forming generation has waited for acknowledgements long enough.</param>
/// <param name="BackingOff">Whether generations have failed to become active lately, and the next must wait a little.</param>
internal sealed record ReplicaSetSnapshot(
    Generation? Active,
    Generation? Forming,
    ImmutableArray<WorkerSnapshot> Workers,
    bool JoinsSettled,
    bool FormingTimedOut,
    bool BackingOff);

/// <summary>A registered worker, with a verdict on its life.</summary>
/// <param name="Id">The worker.</param>
/// <param name="AcknowledgedGeneration">The newest generation that it has acknowledged.</param>
/// <param name="HeartbeatSequence">The heartbeat that the verdict rests on.</param>
/// <param name="Removal">Why it must be removed, or null: it lives.</param>
internal sealed record WorkerSnapshot(Guid Id, long AcknowledgedGeneration, long HeartbeatSequence, RemovalReason? Removal);
