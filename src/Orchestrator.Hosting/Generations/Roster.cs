using System.Collections.Immutable;

namespace Orchestrator.Hosting.Generations;

/// <summary>The rows of one replica set as its leader reads them, in one consistent snapshot.</summary>
/// <param name="Active">The generation that owns the slots, if any.</param>
/// <param name="Forming">The generation that waits for activation, if any.</param>
/// <param name="Workers">Every registered worker, in the order of registration.</param>
internal sealed record Roster(Generation? Active, Generation? Forming, ImmutableArray<RosterWorker> Workers);

/// <summary>A registered worker as the leader reads it.</summary>
/// <param name="Id">The worker.</param>
/// <param name="AcknowledgedGeneration">The newest generation that it has acknowledged (drained for); 0: none.</param>
/// <param name="Projections">The projections that it has.</param>
/// <param name="HeartbeatSequence">Changes with every heartbeat. Only a change has a meaning, not the value.</param>
/// <param name="SessionHeld">Whether its control session still holds its lock. False: the process or its session is gone.</param>
internal sealed record RosterWorker(Guid Id, long AcknowledgedGeneration, ImmutableArray<string> Projections, long HeartbeatSequence, bool SessionHeld)
{
    /// <summary>Whether its partition is set by hand. It takes no part in generations; <see cref="AcknowledgedGeneration"/> is the stamp of the partition that it has taken, or 0.</summary>
    public bool IsStatic { get; init; }
}
