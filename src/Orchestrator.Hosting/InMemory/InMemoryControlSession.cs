using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;

namespace Orchestrator.Hosting.InMemory;

/// <summary>A worker's control session in memory.</summary>
internal sealed class InMemoryControlSession(InMemoryDatabase database, InMemoryReplicaSet replicaSet, Guid workerId, TimeProvider time) : IControlSession
{
    private readonly InMemoryTransitions _transitions = new(database, replicaSet, time);
    private readonly InMemoryPartitions _partitions = new(database, replicaSet, workerId, time);
    private long _seen;

    /// <summary>Whether the session has been ended: its locks are free. Guarded by the database's gate.</summary>
    public bool Ended { get; private set; }

    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        _seen = await replicaSet.Notifications.WaitForOtherAsync(_seen, timeout, time, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        lock (database.Gate)
        {
            ThrowIfEnded();
        }
    }

    public Task<(MembershipView View, bool Leads)> ReadViewAsync(bool tryToLead, CancellationToken cancellationToken) => Guarded(() =>
    {
        if (tryToLead && replicaSet.Leader is null && replicaSet.Find(workerId) is not null)
        {
            replicaSet.Leader = this;
            replicaSet.LeaderId = workerId;
        }

        InMemoryWorker? leader = replicaSet.LeaderId is { } id ? replicaSet.Find(id) : null;
        var view = new MembershipView(
            replicaSet.Find(workerId) is not null,
            ToView(replicaSet.Find(GenerationState.Active)),
            ToView(replicaSet.Find(GenerationState.Forming)),
            leader?.Registration.WorkerId,
            leader?.HeartbeatSequence ?? 0)
        {
            HasStaticOwners = replicaSet.HasStaticOwners,
        };
        return (view, ReferenceEquals(replicaSet.Leader, this));
    });

    public Task<Roster> ReadRosterAsync(CancellationToken cancellationToken) => Guarded(() => new Roster(
        replicaSet.Find(GenerationState.Active),
        replicaSet.Find(GenerationState.Forming),
        [.. replicaSet.Workers.Select(worker => new RosterWorker(
            worker.Registration.WorkerId, worker.AcknowledgedGeneration, worker.Registration.Projections, worker.HeartbeatSequence, !worker.Session.Ended)
        {
            IsStatic = worker.Registration.IsStatic,
        })]));

    public Task AcknowledgeAsync(long generationId, CancellationToken cancellationToken) => Guarded(() =>
    {
        if (replicaSet.Find(workerId) is { } worker)
        {
            worker.AcknowledgedGeneration = Math.Max(worker.AcknowledgedGeneration, generationId);
            replicaSet.Notify();
        }

        return true;
    });

    public Task<IReadOnlyList<Guid>> RemoveAsync(IReadOnlyList<WorkerRemoval> removals, CancellationToken cancellationToken) =>
        _transitions.RemoveAsync(removals, ThrowIfEnded, cancellationToken);

    public Task<long?> FormAsync(FormGeneration transition, CancellationToken cancellationToken) => _transitions.FormAsync(transition, ThrowIfEnded, cancellationToken);

    public Task<Activation?> ActivateAsync(ActivateGeneration transition, CancellationToken cancellationToken) =>
        _transitions.ActivateAsync(transition, ThrowIfEnded, cancellationToken);

    public Task<PartitionTake?> TakePartitionAsync(StaticPartition partition, CancellationToken cancellationToken) =>
        _partitions.TakeAsync(partition, ThrowIfEnded, cancellationToken);

    public Task LeaveAsync(CancellationToken cancellationToken) => Guarded(() =>
    {
        replicaSet.Workers.RemoveAll(worker => worker.Registration.WorkerId == workerId);
        FreeLeadership();
        return true;
    });

    public ValueTask DisposeAsync()
    {
        lock (database.Gate)
        {
            End();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Frees the session's locks. Called under the database's gate.</summary>
    public void End()
    {
        Ended = true;
        FreeLeadership();
    }

    private void FreeLeadership()
    {
        if (ReferenceEquals(replicaSet.Leader, this))
        {
            replicaSet.Leader = null;
        }

        replicaSet.Notify();
    }

    private GenerationView? ToView(Generation? generation) => generation is null
        ? null
        : new GenerationView(generation.Id, generation.Members.Length, generation.Members.IndexOf(workerId) is >= 0 and var partition ? partition : null) { Strategy = generation.Strategy };

    private void ThrowIfEnded()
    {
        if (Ended)
        {
            throw new InMemorySessionLostException();
        }
    }

    private Task<T> Guarded<T>(Func<T> action)
    {
        lock (database.Gate)
        {
            ThrowIfEnded();
            return Task.FromResult(action());
        }
    }
}
