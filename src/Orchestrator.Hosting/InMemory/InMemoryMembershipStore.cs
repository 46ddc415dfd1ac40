using Orchestrator.Hosting.Membership;

namespace Orchestrator.Hosting.InMemory;

/// <summary>Where workers of one process, or of one simulation, meet.</summary>
internal sealed class InMemoryMembershipStore(InMemoryDatabase database, TimeProvider time) : IMembershipStore
{
    public Task<IControlSession> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        InMemoryReplicaSet replicaSet = database.ReplicaSet(registration.ReplicaSet);
        var session = new InMemoryControlSession(database, replicaSet, registration.WorkerId, time);
        lock (database.Gate)
        {
            if (replicaSet.Find(registration.WorkerId) is not null)
            {
                throw new InvalidOperationException($"The worker id {registration.WorkerId} is already in use: every start needs a new one.");
            }

            replicaSet.Workers.Add(new InMemoryWorker(registration, session));
            replicaSet.Notify();
        }

        return Task.FromResult<IControlSession>(session);
    }

    public ValueTask<IHeartbeatSession> OpenHeartbeatAsync(string replicaSet, Guid workerId, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IHeartbeatSession>(new Heartbeat(database, database.ReplicaSet(replicaSet), workerId));

    private sealed class Heartbeat(InMemoryDatabase database, InMemoryReplicaSet replicaSet, Guid workerId) : IHeartbeatSession
    {
        public ValueTask<bool> BeatAsync(CancellationToken cancellationToken)
        {
            lock (database.Gate)
            {
                InMemoryWorker? worker = replicaSet.Find(workerId);
                if (worker is not null)
                {
                    worker.HeartbeatSequence++;
                }

                return ValueTask.FromResult(worker is not null);
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
