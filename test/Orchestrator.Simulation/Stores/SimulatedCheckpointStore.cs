using System.Collections.Immutable;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Projections;

namespace Orchestrator.Simulation.Stores;

/// <summary>One process's way to the checkpoints, over the network.</summary>
internal sealed class SimulatedCheckpointStore(ICheckpointStore inner, SimulatedNetwork network, ServerSessions sessions) : ICheckpointStore
{
    public Task<ImmutableArray<Checkpoint>> LoadAsync(Fence fence, CancellationToken cancellationToken) =>
        network.CallAsync("load checkpoints", () => inner.LoadAsync(fence, CancellationToken.None), null, cancellationToken);

    public Task<ImmutableArray<ProjectionProgress>> ReadProgressAsync(string replicaSet, CancellationToken cancellationToken) =>
        network.CallAsync("read progress", () => inner.ReadProgressAsync(replicaSet, CancellationToken.None), null, cancellationToken);

    public async ValueTask<IFencedBatch?> BeginAsync(Fence fence, Checkpoint row, IServiceProvider services, CancellationToken cancellationToken)
    {
        IFencedBatch? batch = await network.CallAsync("begin batch", () => BeginOnServerAsync(fence, row, services), static lost => lost?.DisposeAsync().AsTask(), cancellationToken);
        return batch is null ? null : new Batch(batch, network, sessions);
    }

    public Task<Checkpoint?> MergeAsync(Fence fence, Checkpoint lower, Checkpoint upper, CancellationToken cancellationToken) =>
        network.CallAsync("merge", () => inner.MergeAsync(fence, lower, upper, CancellationToken.None), null, cancellationToken);

    private async Task<IFencedBatch?> BeginOnServerAsync(Fence fence, Checkpoint row, IServiceProvider services)
    {
        IFencedBatch? batch = await inner.BeginAsync(fence, row, services, CancellationToken.None);
        return batch is null ? null : sessions.Add(batch);
    }

    private sealed class Batch(IFencedBatch inner, SimulatedNetwork network, ServerSessions sessions) : IFencedBatch
    {
        public Checkpoint Checkpoint => inner.Checkpoint;

        public long ConnectionOpenedAt => inner.ConnectionOpenedAt;

        public ProjectionContext Context => inner.Context;

        public ValueTask BeginEventsAsync(PersistedEvent first, PersistedEvent last, CancellationToken cancellationToken) => inner.BeginEventsAsync(first, last, cancellationToken);

        public ValueTask<Exception?> FindCommitAsync(Exception failure) => inner.FindCommitAsync(failure);

        public Task CommitAsync(long position) => network.CallAsync(
            "commit",
            async () =>
            {
                await inner.CommitAsync(position);
                sessions.Remove(inner);
                return true;
            },
            null,
            CancellationToken.None);

        public ValueTask DisposeAsync()
        {
            sessions.Remove(inner);
            return inner.DisposeAsync();
        }
    }
}
