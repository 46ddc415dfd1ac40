using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.InMemory;

/// <summary>The transitions in memory: one at a time, each checked again under the replica set's lock.</summary>
internal sealed class InMemoryTransitions(InMemoryDatabase database, InMemoryReplicaSet replicaSet, TimeProvider time)
{
    private static readonly TimeSpan s_lockTimeout = TimeSpan.FromSeconds(1);

    public Task<IReadOnlyList<Guid>> RemoveAsync(IReadOnlyList<WorkerRemoval> removals, Action throwIfEnded, CancellationToken cancellationToken) =>
        TransitAsync<IReadOnlyList<Guid>>(throwIfEnded, () =>
        {
            InMemoryWorker[] removed = [.. removals.Where(IsStillDue).Select(removal => replicaSet.Find(removal.WorkerId)!)];
            foreach (InMemoryWorker worker in removed)
            {
                replicaSet.Workers.Remove(worker);
                worker.Session.End();
                EndBatches(batch => batch.WorkerId == worker.Registration.WorkerId);
            }

            return [.. removed.Select(worker => worker.Registration.WorkerId)];
        }, cancellationToken);

    public Task<long?> FormAsync(FormGeneration transition, Action throwIfEnded, CancellationToken cancellationToken) => TransitAsync<long?>(throwIfEnded, () =>
    {
        Generation? active = replicaSet.Find(GenerationState.Active);
        Generation? forming = replicaSet.Find(GenerationState.Forming);
        if (active?.Id != transition.ExpectedActive || forming?.Id != transition.ExpectedForming || transition.Members.Any(member => replicaSet.Find(member) is null))
        {
            return null;
        }

        if (forming is not null)
        {
            replicaSet.SetState(forming, GenerationState.Superseded);
        }

        var formed = new Generation(database.NextGenerationId(), transition.Members);
        replicaSet.Generations.Add((formed, GenerationState.Forming));
        return formed.Id;
    }, cancellationToken);

    public async Task<Activation?> ActivateAsync(ActivateGeneration transition, Action throwIfEnded, CancellationToken cancellationToken)
    {
        List<InMemoryCheckpoint> locked = [];
        await replicaSet.TransitionLock.AcquireAsync(cancellationToken);
        try
        {
            if (!await LockRowsAsync(locked, cancellationToken))
            {
                // What holds a row is a worker that is gone, or one that has been waited for long enough.
                lock (database.Gate)
                {
                    EndBatches(batch => replicaSet.Find(batch.WorkerId) is null || transition.Excused.Contains(batch.WorkerId));
                }

                return null;
            }

            lock (database.Gate)
            {
                throwIfEnded();
                return Activate(transition);
            }
        }
        finally
        {
            locked.ForEach(row => row.RowLock.Release());
            replicaSet.TransitionLock.Release();
        }
    }

    // Row by row in key order, as everybody does. A merge may have taken a row away meanwhile: then its lock means nothing.
    private async Task<bool> LockRowsAsync(List<InMemoryCheckpoint> locked, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_lockTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            while (true)
            {
                InMemoryCheckpoint? next;
                lock (database.Gate)
                {
                    next = replicaSet.InKeyOrder().FirstOrDefault(row => !locked.Contains(row));
                }

                if (next is null)
                {
                    return true;
                }

                await next.RowLock.AcquireAsync(either.Token);
                locked.Add(next);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private Activation? Activate(ActivateGeneration transition)
    {
        Generation? active = replicaSet.Find(GenerationState.Active);
        if (replicaSet.Find(GenerationState.Forming) is not { } forming || forming.Id != transition.GenerationId || forming.Members.Any(member => replicaSet.Find(member) is null))
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

        MemberProjections[] members = [.. forming.Members.Select(member => replicaSet.Find(member)!.Registration).Select(member => new MemberProjections(member.WorkerId, member.Projections, member.Lanes))];
        Recut(CheckpointRecut.Cut([.. replicaSet.Checkpoints.Select(row => row.Value)], members, forming.Id));
        if (active is not null)
        {
            replicaSet.SetState(active, GenerationState.Superseded);
        }

        replicaSet.SetState(forming, GenerationState.Active);
        replicaSet.Notify();
        return Activation.Of(replicaSet.Checkpoints.Select(row => (row.Value.Projection, row.Value.WorkerId)));
    }

    // A row that keeps its key keeps its lock, so that whoever waits for it sees the new stamp.
    private void Recut(ImmutableArray<Checkpoint> wanted)
    {
        Dictionary<(string, int, int), InMemoryCheckpoint> before = replicaSet.Checkpoints.ToDictionary(row => (row.Value.Projection, row.Value.Version, row.Value.Slots.From));
        replicaSet.Checkpoints.Clear();
        foreach (Checkpoint value in wanted)
        {
            InMemoryCheckpoint row = before.GetValueOrDefault((value.Projection, value.Version, value.Slots.From)) ?? new InMemoryCheckpoint(value);
            row.Value = value;
            replicaSet.Checkpoints.Add(row);
        }
    }

    private bool IsStillDue(WorkerRemoval removal) => replicaSet.Find(removal.WorkerId) is { } worker && removal.Reason switch
    {
        RemovalReason.Dead => worker.Session.Ended,
        _ => worker.HeartbeatSequence == removal.ObservedSequence,
    };

    private void EndBatches(Func<InMemoryBatch, bool> condition)
    {
        foreach (InMemoryBatch batch in replicaSet.Checkpoints.Select(row => row.Batch).OfType<InMemoryBatch>().Where(condition).ToArray())
        {
            batch.End();
        }
    }

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
