using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.InMemory;

/// <summary>Has a forming generation take over rows one by one, in memory: whatever is free, or else the first one to come free. Called under the replica set's transition lock.</summary>
internal sealed class InMemoryTakeOver(InMemoryDatabase database, InMemoryReplicaSet replicaSet, TimeProvider time)
{
    /// <summary>Takes a step.</summary>
    /// <returns>What it came to; null: no lock came in time, or the generation must not take over any more.</returns>
    public async Task<Activation?> RunAsync(ActivateGeneration transition, Action throwIfEnded, CancellationToken cancellationToken)
    {
        ImmutableArray<RowChange> changes;
        lock (database.Gate)
        {
            throwIfEnded();
            if (Members(transition) is not { } members)
            {
                return null;
            }

            changes = RollingRecut.Changes([.. replicaSet.Checkpoints.Select(row => row.Value)], members, transition.GenerationId);
            if (changes.IsEmpty)
            {
                foreach (MemberProjections member in members)
                {
                    // Nobody drained for it: that it is active is their acknowledgement.
                    replicaSet.Find(member.WorkerId)!.AcknowledgedGeneration = transition.GenerationId;
                }

                replicaSet.Activate(transition.GenerationId);
                return Activation.Of(replicaSet.Checkpoints.Select(row => (row.Value.Projection, row.Value.WorkerId)));
            }
        }

        using InMemoryRowLocks? locks = await LockAsync(changes, cancellationToken);
        lock (database.Gate)
        {
            throwIfEnded();
            if (locks is null)
            {
                replicaSet.EndBatchesInTheWay(transition.Excused);
                return null;
            }

            return Members(transition) is null ? null : new Activation([]) { Moved = Move(changes, locks) };
        }
    }

    private MemberProjections[]? Members(ActivateGeneration transition) =>
        replicaSet.Find(GenerationState.Forming) is { } forming && forming.Id == transition.GenerationId ? replicaSet.MembersOf(forming) : null;

    // Who waits for one lock holds no other: nobody pauses for somebody else's batch.
    private async Task<InMemoryRowLocks?> LockAsync(ImmutableArray<RowChange> changes, CancellationToken cancellationToken)
    {
        InMemoryCheckpoint[] rows;
        lock (database.Gate)
        {
            rows = [.. changes.Select(change => replicaSet.Checkpoints.Find(row => row.Value.Names(change.Row))).OfType<InMemoryCheckpoint>()];
        }

        InMemoryRowLocks free = InMemoryRowLocks.AcquireFree(rows);
        return free.Any || rows.Length < changes.Length ? free : await InMemoryRowLocks.AcquireAsync(database, () => rows.Take(1), time, cancellationToken);
    }

    private int Move(ImmutableArray<RowChange> changes, InMemoryRowLocks locks)
    {
        int moved = 0;
        foreach (RowChange change in changes)
        {
            InMemoryCheckpoint? row = replicaSet.Checkpoints.Find(row => row.Value.Names(change.Row));
            ImmutableArray<Checkpoint> parts = row is null ? PartsOfNew(change) : locks.Holds(row) ? change.PartsOf(row.Value) : [];
            foreach (Checkpoint part in parts)
            {
                if (row is not null && part.Slots.From == row.Value.Slots.From)
                {
                    row.Value = part;
                }
                else
                {
                    replicaSet.Checkpoints.Add(new InMemoryCheckpoint(part));
                }
            }

            moved += parts.IsEmpty ? 0 : 1;
        }

        replicaSet.Notify();
        return moved;
    }

    // A projection without rows.
    private ImmutableArray<Checkpoint> PartsOfNew(RowChange change) => replicaSet.Checkpoints.Exists(row => row.Value.Projection == change.Row.Projection) ? [] : change.Parts;
}
