using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.InMemory;

/// <summary>Tells which slots nobody owns in memory.</summary>
internal sealed class InMemorySlotOwners(InMemoryDatabase database) : ISlotOwners
{
    public Task<ImmutableArray<UnownedSlots>> ReadUnownedAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<UnownedSlots>>(
            [
                .. from replicaSet in database.ReplicaSets
                   where replicaSet.Find(GenerationState.Forming) is null
                   from row in replicaSet.Checkpoints
                   where row.Value.WorkerId is not { } owner || replicaSet.Find(owner) is null
                   group row.Value by (replicaSet.Name, row.Value.Projection) into rows
                   select new UnownedSlots(rows.Key.Name, rows.Key.Projection, rows.Sum(row => row.Slots.Length)),
            ]);
        }
    }
}
