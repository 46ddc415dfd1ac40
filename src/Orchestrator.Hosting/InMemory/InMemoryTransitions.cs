using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.InMemory;

/// <summary>The transitions in memory: one at a time, each checked again under the replica set's lock.</summary>
internal sealed class InMemoryTransitions(InMemoryDatabase database, InMemoryReplicaSet replicaSet, TimeProvider time)
{
    public Task<IReadOnlyList<Guid>> RemoveAsync(IReadOnlyList<WorkerRemoval> removals, Action throwIfEnded, CancellationToken cancellationToken) =>
        TransitAsync<IReadOnlyList<Guid>>(throwIfEnded, () =>
        {
            InMemoryWorker[] removed = [.. removals.Where(IsStillDue).Select(removal => replicaSet.Find(removal.WorkerId)!)];
            foreach (InMemoryWorker worker in removed)
            {
                replicaSet.Workers.Remove(worker);
                worker.Session.End();
                replicaSet.EndBatches(batch => batch.WorkerId == worker.Registration.WorkerId);
            }

            return [.. removed.Select(worker => worker.Registration.WorkerId)];
        }, cancellationToken);

    public Task<long?> FormAsync(FormGeneration transition, Action throwIfEnded, CancellationToken cancellationToken) => TransitAsync<long?>(throwIfEnded, () =>
    {
        Generation? active = replicaSet.Find(GenerationState.Active);
        Generation? forming = replicaSet.Find(GenerationState.Forming);
        if (replicaSet.HasStaticOwners || active?.Id != transition.ExpectedActive || forming?.Id != transition.ExpectedForming || transition.Members.Any(member => replicaSet.Find(member) is null))
        {
            return null;
        }

        if (forming is not null)
        {
            replicaSet.SetState(forming, GenerationState.Superseded);
        }

        var formed = new Generation(database.NextGenerationId(), transition.Members) { Strategy = transition.Strategy };
        replicaSet.Generations.Add((formed, GenerationState.Forming));
        return formed.Id;
    }, cancellationToken);

    public async Task<Activation?> ActivateAsync(ActivateGeneration transition, Action throwIfEnded, CancellationToken cancellationToken)
    {
        await replicaSet.TransitionLock.AcquireAsync(cancellationToken);
        try
        {
            if (IsRolling())
            {
                return await new InMemoryTakeOver(database, replicaSet, time).RunAsync(transition, throwIfEnded, cancellationToken);
            }

            using InMemoryRowLocks? locks = await InMemoryRowLocks.AcquireAsync(database, replicaSet.InKeyOrder, time, cancellationToken);
            lock (database.Gate)
            {
                if (locks is not null)
                {
                    throwIfEnded();
                    return Activate(transition);
                }

                replicaSet.EndBatchesInTheWay(transition.Excused);
                return null;
            }
        }
        finally
        {
            replicaSet.TransitionLock.Release();
        }
    }

    private Activation? Activate(ActivateGeneration transition)
    {
        Generation? active = replicaSet.Find(GenerationState.Active);
        if (replicaSet.Find(GenerationState.Forming) is not { } forming || forming.Id != transition.GenerationId || replicaSet.MembersOf(forming) is not { } members)
        {
            return null;
        }

        bool waiting = replicaSet.Workers.Exists(worker =>
            (forming.Members.Contains(worker.Registration.WorkerId) || (active?.Members.Contains(worker.Registration.WorkerId) ?? false))
            && worker.AcknowledgedGeneration < forming.Id
            && !transition.Excused.Contains(worker.Registration.WorkerId));
        if (waiting)
        {
            return null;
        }

        replicaSet.Recut(CheckpointRecut.Cut([.. replicaSet.Checkpoints.Select(row => row.Value)], members, forming.Id));
        replicaSet.Activate(forming.Id);
        return Activation.Of(replicaSet.Checkpoints.Select(row => (row.Value.Projection, row.Value.WorkerId)));
    }

    private bool IsRolling()
    {
        lock (database.Gate)
        {
            return replicaSet.Find(GenerationState.Forming)?.Strategy == RebalanceStrategy.Rolling;
        }
    }

    private bool IsStillDue(WorkerRemoval removal) => replicaSet.Find(removal.WorkerId) is { } worker && removal.Reason switch
    {
        RemovalReason.Dead => worker.Session.Ended,
        _ => worker.HeartbeatSequence == removal.ObservedSequence,
    };

    private async Task<T> TransitAsync<T>(Action throwIfEnded, Func<T> transition, CancellationToken cancellationToken)
    {
        await replicaSet.TransitionLock.AcquireAsync(cancellationToken);
        try
        {
            lock (database.Gate)
            {
                throwIfEnded();
                T result = transition();
                replicaSet.Notify();
                return result;
            }
        }
        finally
        {
            replicaSet.TransitionLock.Release();
        }
    }
}
