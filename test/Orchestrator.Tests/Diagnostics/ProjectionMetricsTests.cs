using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Processing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Diagnostics;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ProjectionMetricsTests : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CountedTime _time = new();
    private readonly ReplicaSetMetrics _metrics;

    public ProjectionMetricsTests() => _metrics = new ReplicaSetMetrics(new OrchestratorMetrics(Meters, _time), "main");

    private IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Test]
    public async Task Run_DatabaseAway_CountsRetriesOfTheInfrastructureAndNoErrors()
    {
        using var recorded = new RecordedMetrics(Meters);
        await using var bench = new ProcessingBench(metrics: _metrics);
        int failures = 2;
        bench.Checkpoints.BeforeBegin = () =>
        {
            if (failures-- > 0)
            {
                throw new InMemorySessionLostException();
            }
        };
        await RunAsync(bench, events: 3, () => Task.FromResult(recorded.Sum("orchestrator.events.processed") == 3));

        Assert.That(recorded.Of("orchestrator.retries").Select(retry => retry.Labels["cause"]), Is.EqualTo(new[] { "infrastructure", "infrastructure" }));
        Assert.That(recorded.Of("orchestrator.projection.errors"), Is.Empty);
    }

    [Test]
    public async Task Run_Superseded_CountsTheFencedBatch()
    {
        using var recorded = new RecordedMetrics(Meters);
        await using var bench = new ProcessingBench(metrics: _metrics);
        await RunAsync(bench, events: 3, async () =>
        {
            if (recorded.Sum("orchestrator.events.processed") == 3)
            {
                await bench.SupersedeAsync();
                await bench.AppendAsync(1);
                await Eventually.HoldsAsync(() => Task.FromResult(recorded.Sum("orchestrator.fenced_commits") > 0));
                return true;
            }

            return false;
        });

        Assert.That(recorded.Of("orchestrator.fenced_commits").Single().Labels["projection"], Is.EqualTo("totals"));
        Assert.That(recorded.Sum("orchestrator.events.processed"), Is.EqualTo(3));
    }

    [Test]
    public void Recording_NobodyListens_TakesNoTimeAndLeavesNoGarbage()
    {
        ProjectionMetrics projection = _metrics.Of("totals");
        Record(projection, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Record(projection, 1_000);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(_time.Asked, Is.Zero);
    }

    private void Record(ProjectionMetrics projection, int times)
    {
        for (int i = 0; i < times; i++)
        {
            projection.BatchCommitted(10, TimeSpan.FromMilliseconds(1));
            projection.BatchFailed(infrastructure: true, retried: true);
            projection.Fenced();
            _metrics.HeartbeatAnswered(1);
            _metrics.PauseEnded(_metrics.PauseBegins());
            _metrics.GenerationActivated(_metrics.GenerationFormed());
        }
    }

    private static async Task RunAsync(ProcessingBench bench, int events, Func<Task<bool>> until)
    {
        using var drain = new CancellationTokenSource();
        await bench.AppendAsync(events);
        await bench.OwnAsync(["totals"], 0);
        Task run = bench.RunAsync(ProcessingBench.Define(), drain.Token);
        await Eventually.HoldsAsync(until);
        await drain.CancelAsync();
        await run.Soon();
    }

    private sealed class CountedTime : TimeProvider
    {
        private int _asked;

        public int Asked => _asked;

        public override long GetTimestamp()
        {
            Interlocked.Increment(ref _asked);
            return base.GetTimestamp();
        }
    }
}
