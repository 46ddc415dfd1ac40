using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Threading;
using Orchestrator.Simulation.Scenarios;

namespace Orchestrator.Simulation.Stores;

/// <summary>One process's way to the roster, over the network. Remembers the sessions that it has open, so that a crash ends them.</summary>
internal sealed class SimulatedMembershipStore(InMemoryMembershipStore inner, SimulatedNetwork network, ServerSessions sessions, Removals removals, TimeSpan staleAfter) : IMembershipStore
{
    public async Task<IControlSession> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        IControlSession session = await network.CallAsync(
            "register",
            () => RegisterOnServerAsync(registration),
            static lost => lost.DisposeAsync().AsTask(),
            cancellationToken);
        return new Session(session, network, removals, staleAfter);
    }

    public async ValueTask<IHeartbeatSession> OpenHeartbeatAsync(string replicaSet, Guid workerId, CancellationToken cancellationToken) =>
        new Heartbeat(await network.CallAsync("open heartbeat", async () => await inner.OpenHeartbeatAsync(replicaSet, workerId, CancellationToken.None), null, cancellationToken), network, () => removals.OnBeat(workerId));

    private async Task<IControlSession> RegisterOnServerAsync(WorkerRegistration registration) => sessions.Add(await inner.RegisterAsync(registration, CancellationToken.None));

    private sealed class Heartbeat(IHeartbeatSession inner, SimulatedNetwork network, Action onBeat) : IHeartbeatSession
    {
        public async ValueTask<bool> BeatAsync(CancellationToken cancellationToken) =>
            await network.CallAsync("heartbeat", BeatOnServerAsync, null, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private async Task<bool> BeatOnServerAsync()
        {
            bool registered = await inner.BeatAsync(CancellationToken.None);
            onBeat();
            return registered;
        }
    }

    private sealed class Session(IControlSession inner, SimulatedNetwork network, Removals removals, TimeSpan staleAfter) : IControlSession
    {
        public Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
            network.CallAsync("wait", () => WaitOnServerAsync(timeout), null, cancellationToken);

        public Task<(MembershipView View, bool Leads)> ReadViewAsync(bool tryToLead, CancellationToken cancellationToken) =>
            CallAsync("read view", () => inner.ReadViewAsync(tryToLead, CancellationToken.None), cancellationToken);

        public Task<Roster> ReadRosterAsync(CancellationToken cancellationToken) => CallAsync("read roster", () => inner.ReadRosterAsync(CancellationToken.None), cancellationToken);

        public Task AcknowledgeAsync(long generationId, CancellationToken cancellationToken) => CallAsync(
            "acknowledge",
            async () =>
            {
                await inner.AcknowledgeAsync(generationId, CancellationToken.None);
                return true;
            },
            cancellationToken);

        public Task<IReadOnlyList<Guid>> RemoveAsync(IReadOnlyList<WorkerRemoval> due, CancellationToken cancellationToken) =>
            CallAsync("remove", () => RemoveOnServerAsync(due), cancellationToken);

        public Task<long?> FormAsync(FormGeneration transition, CancellationToken cancellationToken) =>
            CallAsync("form", () => inner.FormAsync(transition, CancellationToken.None), cancellationToken);

        public Task<Activation?> ActivateAsync(ActivateGeneration transition, CancellationToken cancellationToken) =>
            CallAsync("activate", () => inner.ActivateAsync(transition, CancellationToken.None), cancellationToken);

        public Task<PartitionTake?> TakePartitionAsync(StaticPartition partition, CancellationToken cancellationToken) =>
            CallAsync("take partition", () => inner.TakePartitionAsync(partition, CancellationToken.None), cancellationToken);

        public Task LeaveAsync(CancellationToken cancellationToken) => CallAsync(
            "leave",
            async () =>
            {
                await inner.LeaveAsync(CancellationToken.None);
                return true;
            },
            cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private async Task<IReadOnlyList<Guid>> RemoveOnServerAsync(IReadOnlyList<WorkerRemoval> due)
        {
            IReadOnlyList<Guid> removed = await inner.RemoveAsync(due, CancellationToken.None);
            removals.OnRemoved(removed, staleAfter);
            return removed;
        }

        // Notifications are hints: some are lost, and some come for nothing.
        private async Task<bool> WaitOnServerAsync(TimeSpan timeout)
        {
            bool lost = network.World.Chance(0.05);
            if (lost)
            {
                await Interruptible.DelayAsync(timeout, network.Server.Time, CancellationToken.None);
            }

            await inner.WaitAsync(lost || network.World.Chance(0.02) ? TimeSpan.Zero : timeout, CancellationToken.None);
            return true;
        }

        // A lost reply is a lost connection: the server ends the session.
        private Task<T> CallAsync<T>(string what, Func<Task<T>> operation, CancellationToken cancellationToken) =>
            network.CallAsync(what, operation, lost => inner.DisposeAsync().AsTask(), cancellationToken);
    }
}
