using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.InMemory;

/// <summary>The checkpoints in memory, behind the same fence.</summary>
internal sealed class InMemoryCheckpointStore(InMemoryDatabase database) : ICheckpointStore
{
    public Task<ImmutableArray<Checkpoint>> LoadAsync(Fence fence, CancellationToken cancellationToken)
    {
        InMemoryReplicaSet replicaSet = database.ReplicaSet(fence.ReplicaSet);
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<Checkpoint>>([.. replicaSet.InKeyOrder().Select(row => row.Value).Where(row => row.WorkerId == fence.WorkerId)]);
        }
    }

    public Task<ImmutableArray<ProjectionProgress>> ReadProgressAsync(string replicaSet, CancellationToken cancellationToken)
    {
        InMemoryReplicaSet found = database.ReplicaSet(replicaSet);
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<ProjectionProgress>>(
                [.. found.InKeyOrder().GroupBy(row => row.Value.Projection).Select(rows => new ProjectionProgress(rows.Key, rows.Min(row => row.Value.Position)))]);
        }
    }

    public async ValueTask<IFencedBatch?> BeginAsync(Fence fence, Checkpoint row, IServiceProvider services, CancellationToken cancellationToken)
    {
        InMemoryReplicaSet replicaSet = database.ReplicaSet(fence.ReplicaSet);
        InMemoryCheckpoint? found = await LockAsync(replicaSet, fence, row, cancellationToken);
        if (found is null)
        {
            return null;
        }

        lock (database.Gate)
        {
            return found.Batch = new InMemoryBatch(database, found, fence, services);
        }
    }

    public async Task<Checkpoint?> MergeAsync(Fence fence, Checkpoint lower, Checkpoint upper, CancellationToken cancellationToken)
    {
        InMemoryReplicaSet replicaSet = database.ReplicaSet(fence.ReplicaSet);
        if (await LockAsync(replicaSet, fence, lower, cancellationToken) is not { } first)
        {
            return null;
        }

        try
        {
            if (await LockAsync(replicaSet, fence, upper, cancellationToken) is not { } second)
            {
                return null;
            }

            try
            {
                return Merge(replicaSet, first, second);
            }
            finally
            {
                second.RowLock.Release();
            }
        }
        finally
        {
            first.RowLock.Release();
        }
    }

    private static bool Bears(Checkpoint row, Fence fence, long stamp) => row.GenerationId == stamp && row.WorkerId == fence.WorkerId;

    private Checkpoint? Merge(InMemoryReplicaSet replicaSet, InMemoryCheckpoint lower, InMemoryCheckpoint upper)
    {
        lock (database.Gate)
        {
            if (lower.Value.Slots.To != upper.Value.Slots.From || lower.Value.Position != upper.Value.Position)
            {
                return null;
            }

            lower.Value = lower.Value with { Slots = new SlotRange(lower.Value.Slots.From, upper.Value.Slots.To) };
            replicaSet.Checkpoints.Remove(upper);
            return lower.Value;
        }
    }

    // Locked first and judged then: what the row says while somebody else holds it means nothing.
    private async Task<InMemoryCheckpoint?> LockAsync(InMemoryReplicaSet replicaSet, Fence fence, Checkpoint row, CancellationToken cancellationToken)
    {
        InMemoryCheckpoint? found = Find(replicaSet, fence, row);
        if (found is null)
        {
            return null;
        }

        await found.RowLock.AcquireAsync(cancellationToken);
        if (ReferenceEquals(Find(replicaSet, fence, row), found))
        {
            return found;
        }

        found.RowLock.Release();
        return null;
    }

    private InMemoryCheckpoint? Find(InMemoryReplicaSet replicaSet, Fence fence, Checkpoint row)
    {
        lock (database.Gate)
        {
            return replicaSet.Checkpoints.Find(candidate =>
                candidate.Value.Projection == row.Projection && candidate.Value.Version == row.Version && candidate.Value.Slots.From == row.Slots.From && Bears(candidate.Value, fence, row.GenerationId));
        }
    }
}
