using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Events;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Projections;

namespace Orchestrator.Tests.ReplicaSets;

/// <summary>Whole hosts on the in-memory provider: append, workers, projections, commit.</summary>
public sealed class InMemoryHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task OneHost_EventsAppended_EachAppliedOnceInOrder()
    {
        var applied = new AppliedEvents();
        using IHost host = CreateHost(new InMemoryDatabase(), applied);
        await host.StartAsync();
        await AppendAsync(host, aggregates: 20, eventsEach: 25);
        await applied.WaitForAsync(500, Patience);
        await host.StopAsync();

        Assert.That(applied.Faults(), Is.Empty);
        Assert.That(applied.Count, Is.EqualTo(500));
    }

    [Test]
    public async Task ThreeHosts_JoinAndLeaveWhileAppending_EachAppliedOnceInOrder()
    {
        var applied = new AppliedEvents();
        var database = new InMemoryDatabase();
        IHost[] hosts = [CreateHost(database, applied), CreateHost(database, applied), CreateHost(database, applied)];
        await hosts[0].StartAsync();
        Task appending = AppendAsync(hosts[0], aggregates: 50, eventsEach: 40);
        await applied.WaitForAsync(1, Patience);
        await hosts[1].StartAsync();
        await hosts[2].StartAsync();
        await appending;
        await applied.WaitForAsync(2_000, Patience);
        await hosts[1].StopAsync();
        await AppendAsync(hosts[0], aggregates: 50, eventsEach: 10, from: 41);
        await applied.WaitForAsync(2_500, Patience);
        foreach (IHost host in hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        Assert.That(applied.Faults(), Is.Empty);
        Assert.That(applied.Count, Is.EqualTo(2_500));
    }

    private static IHost CreateHost(InMemoryDatabase database, AppliedEvents applied)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(applied);
        builder.Services
            .AddProjectionOrchestrator(o => o.UseInMemory(database))
            .AddReplicaSet("main", rs => rs.BatchSize = 7)
                .AddProjection<Recorder>();
        return builder.Build();
    }

    private static async Task AppendAsync(IHost host, int aggregates, int eventsEach, int from = 1)
    {
        IEventStore store = host.Services.GetRequiredService<IEventStore>();
        for (int version = from; version < from + eventsEach; version++)
        {
            await store.AppendBulkAsync([.. Enumerable.Range(0, aggregates).Select(id => new AggregateAppend(
                "Thing", $"thing-{id}", version == 1 ? ExpectedVersion.NoStream : ExpectedVersion.Exact(version - 1), [new EventData("Happened", Encoding.UTF8.GetBytes($"{version}"))]))]);
            await Task.Yield();
        }
    }

    private sealed class Recorder(AppliedEvents applied) : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.OnCommitted(() => applied.Add(e));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class AppliedEvents
    {
        private readonly ConcurrentQueue<PersistedEvent> _events = [];

        public int Count => _events.Count;

        public void Add(PersistedEvent e) => _events.Enqueue(e);

        public async Task WaitForAsync(int count, TimeSpan patience)
        {
            using var deadline = new CancellationTokenSource(patience);
            while (Count < count)
            {
                Assert.That(deadline.IsCancellationRequested, Is.False, $"Only {Count} of {count} events were applied in {patience}.");
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
            }
        }

        /// <summary>Whatever was applied twice, out of order, or skipped.</summary>
        public IEnumerable<string> Faults() => _events.GroupBy(e => e.AggregateId)
            .Where(group => !group.Select(e => e.AggregateVersion).SequenceEqual(Enumerable.Range(1, group.Count()).Select(version => (long)version)))
            .Select(group => $"{group.Key}: {string.Join(' ', group.Select(e => e.AggregateVersion))}");
    }
}
