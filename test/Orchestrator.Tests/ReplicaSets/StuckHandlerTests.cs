using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Events;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Projections;

namespace Orchestrator.Tests.ReplicaSets;

/// <summary>A handler that does not come back must not hold its worker for longer than the generation lasts.</summary>
public sealed class StuckHandlerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Rescale_HandlerWaitsOnItsToken_CancelledWhenTheNextGenerationBegins()
    {
        var seen = new Seen();
        var database = new InMemoryDatabase();
        using IHost first = CreateHost(database, seen);
        using IHost second = CreateHost(database, seen);
        await first.StartAsync();
        IEventStore store = first.Services.GetRequiredService<IEventStore>();
        for (int i = 0; i < 40; i++)
        {
            await store.AppendAsync("Thing", $"thing-{i}", ExpectedVersion.NoStream, [new EventData("Happened", ReadOnlyMemory<byte>.Empty)]);
        }

        await seen.Stuck.Task.WaitAsync(Patience);
        await second.StartAsync();
        await seen.Cancelled.Task.WaitAsync(Patience);
        await seen.All.Task.WaitAsync(Patience);
        await first.StopAsync();
        await second.StopAsync();

        Assert.That(seen.Applied, Is.Unique.And.Count.EqualTo(40));
    }

    private static IHost CreateHost(InMemoryDatabase database, Seen seen)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(seen);
        builder.Services
            .AddProjectionOrchestrator(o => o.UseInMemory(database))
            .AddReplicaSet("main", rs => rs.CoordinationTimeout = TimeSpan.FromMilliseconds(200))
                .AddProjection<SticksOnce>();
        return builder.Build();
    }

    private sealed class SticksOnce(Seen seen) : IProjection
    {
        public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            if (seen.Stuck.TrySetResult())
            {
                await using CancellationTokenRegistration cancelled = cancellationToken.Register(() => seen.Cancelled.TrySetResult());
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            context.OnCommitted(() => seen.Add(e.GlobalPosition));
        }
    }

    private sealed class Seen
    {
        private readonly ConcurrentQueue<long> _applied = [];

        public IReadOnlyCollection<long> Applied => _applied;

        public TaskCompletionSource Stuck { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource All { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Add(long position)
        {
            _applied.Enqueue(position);
            if (_applied.Count == 40)
            {
                All.TrySetResult();
            }
        }
    }
}
