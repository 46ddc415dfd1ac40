using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.InMemory;

/// <summary>Takes partitions that are set by hand, in memory.</summary>
internal sealed class InMemoryPartitions(InMemoryDatabase database, InMemoryReplicaSet replicaSet, Guid workerId, TimeProvider time)
{
    public async Task<PartitionTake?> TakeAsync(StaticPartition partition, Action throwIfEnded, CancellationToken cancellationToken)
    {
        await replicaSet.TransitionLock.AcquireAsync(cancellationToken);
        try
        {
            ImmutableArray<Guid> stay;
            lock (database.Gate)
            {
                throwIfEnded();
                if (PartitionHolder.Refusal(partition, [.. Holders()]) is { } cause)
                {
                    return new PartitionTake.Refused(cause);
                }

                stay = [.. Holders().Select(holder => holder.WorkerId)];
            }

            using InMemoryRowLocks? locks = await InMemoryRowLocks.AcquireAsync(database, () => replicaSet.InKeyOrder().Where(row => !Stays(row, stay)), time, cancellationToken);
            lock (database.Gate)
            {
                throwIfEnded();
                if (locks is null)
                {
                    replicaSet.EndBatchesInTheWay(excused: []);
                    return null;
                }

                return Take(partition, stay);
            }
        }
        finally
        {
            replicaSet.TransitionLock.Release();
        }
    }

    private PartitionTake.Taken? Take(StaticPartition partition, ImmutableArray<Guid> stay)
    {
        if (replicaSet.Find(workerId) is not { } worker)
        {
            return null;
        }

        foreach ((Generation generation, _) in replicaSet.Generations.Where(entry => entry.State != GenerationState.Superseded && !entry.Generation.Members.Any(IsOther)).ToArray())
        {
            replicaSet.SetState(generation, GenerationState.Superseded);
        }

        var stamp = new Generation(database.NextGenerationId(), [workerId]);
        var taker = new MemberProjections(workerId, worker.Registration.Projections, worker.Registration.Lanes);
        ImmutableArray<Checkpoint> cut = CheckpointRecut.Take([.. replicaSet.Checkpoints.Select(row => row.Value)], taker, partition.Share, stay, stamp.Id);
        replicaSet.Recut([.. replicaSet.Checkpoints.Where(row => Stays(row, stay)).Select(row => row.Value), .. cut]);
        replicaSet.Generations.Add((stamp, GenerationState.Static));
        worker.Static = partition;
        worker.AcknowledgedGeneration = stamp.Id;
        replicaSet.Notify();
        return PartitionTake.Taken.Of(stamp.Id, partition.Share, cut.Select(row => (row.Projection, row.Slots, row.WorkerId)));
    }

    // Everybody else who owns a part, or is about to.
    private IEnumerable<PartitionHolder> Holders() =>
        from worker in replicaSet.Workers
        let id = worker.Registration.WorkerId
        where id != workerId && replicaSet.Generations.Exists(entry => entry.State != GenerationState.Superseded && entry.Generation.Members.Contains(id))
        select new PartitionHolder(id, worker.Registration.HostName, worker.Registration.ProcessId, worker.Static);

    private bool IsOther(Guid member) => member != workerId && replicaSet.Find(member) is not null;

    private static bool Stays(InMemoryCheckpoint row, ImmutableArray<Guid> stay) => row.Value.WorkerId is { } owner && stay.Contains(owner);
}
