using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;
using Orchestrator.Projections;

namespace Orchestrator.Tests.Processing;

/// <summary>After a server's crash, positions of appends that were lost are given to other events: a page from before it must not be applied over a connection from after it.</summary>
public sealed class BatchApplierTests
{
    private const long OpenedAt = 100;

    [TestCase(OpenedAt - 1, false)]
    [TestCase(OpenedAt, true)]
    public async Task ApplyAsync_PageReadAroundTheConnectionsOpening_AppliesOnlyWhatWasReadSince(long readAt, bool applies)
    {
        await using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        var batch = new Batch();
        var projection = new ProjectionDefinition("p", typeof(object), EventFilter.All, 10, TimeSpan.FromSeconds(1), new RetryOptions());
        var applier = new BatchApplier(
            projection, new Fence("main", Guid.Empty, 1), new Store(batch), services.GetRequiredService<IServiceScopeFactory>(), null!, NullLogger<BatchApplier>.Instance);
        var lane = new CheckpointLane(batch.Checkpoint, 10);

        await applier.ApplyAsync(lane, new EventPage(0, 5, SlotRange.All, [], [], readAt, 0), long.MaxValue, CancellationToken.None);

        Assert.That(batch.CommittedTo, Is.EqualTo(applies ? 5 : null));
        Assert.That(lane.ReadSince, Is.EqualTo(applies ? 0 : OpenedAt), "the page that is asked for next is a younger one");
    }

    private sealed class Store(Batch batch) : ICheckpointStore
    {
        public Task<ImmutableArray<Checkpoint>> LoadAsync(Fence fence, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IFencedBatch?> BeginAsync(Fence fence, Checkpoint row, IServiceProvider services, CancellationToken cancellationToken) => new(batch);

        public Task<Checkpoint?> MergeAsync(Fence fence, Checkpoint lower, Checkpoint upper, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Batch : IFencedBatch
    {
        public long? CommittedTo { get; private set; }

        public Checkpoint Checkpoint { get; } = new("p", 1, SlotRange.All, 0, 1, Guid.Empty);

        public long ConnectionOpenedAt => OpenedAt;

        public ProjectionContext Context => throw new NotSupportedException();

        public ValueTask BeginEventAsync(PersistedEvent e, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task CommitAsync(long position)
        {
            CommittedTo = position;
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
