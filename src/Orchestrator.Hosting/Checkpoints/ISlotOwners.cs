using System.Collections.Immutable;

namespace Orchestrator.Hosting.Checkpoints;

/// <summary>Tells which slots nobody owns.</summary>
internal interface ISlotOwners
{
    /// <summary>Reads what has no registered owner, where no generation is forming that would give it one.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Of every replica set and projection that has such slots, how many. A moment between two owners counts, too.</returns>
    Task<ImmutableArray<UnownedSlots>> ReadUnownedAsync(CancellationToken cancellationToken);
}

/// <summary>Slots of a projection that no registered worker owns.</summary>
/// <param name="ReplicaSet">The replica set.</param>
/// <param name="Projection">The projection.</param>
/// <param name="Slots">How many.</param>
internal sealed record UnownedSlots(string ReplicaSet, string Projection, int Slots);
