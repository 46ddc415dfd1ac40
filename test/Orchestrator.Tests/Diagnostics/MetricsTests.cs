using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Membership;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Documentation;
using Orchestrator.Tests.Processing;
using Orchestrator.Tests.ReplicaSets;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Diagnostics;

/// <summary>Each instrument moves when its cause happens, in whole hosts.</summary>
internal sealed class MetricsTests
{
    [Test]
    public async Task Host_StartsAndApplies_CountsWorkersGenerationsAndEvents()
    {
        using var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"));
        using RecordedMetrics metrics = host.Measure();
        await host.AppendAsync(7);
        await host.StartAsync();
        await HoldsAsync(() => metrics.Sum("orchestrator.events.processed") == 7 && metrics.Of("orchestrator.heartbeat.latency").Count > 0);
        await HoldsAsync(() => metrics.Now("orchestrator.projection.lag_events") is { Value: 0 } && metrics.Now("orchestrator.worker.state")!.Labels["state"] == "active");
        string[] once = ["orchestrator.workers.registered", "orchestrator.reconfiguration", "orchestrator.generations", "orchestrator.partition_assignments"];

        Assert.That(once.Select(metrics.Sum), Is.All.EqualTo(1));
        Assert.That(metrics.Sum("orchestrator.batch_size"), Is.EqualTo(7));
        Assert.That(metrics.Of("orchestrator.event_processing.duration"), Has.Count.EqualTo(metrics.Of("orchestrator.batch_size").Count));
        Assert.That(metrics.Of("orchestrator.coordination.duration"), Has.Count.EqualTo(1));
        Assert.That(metrics.Of("orchestrator.pause.duration"), Is.Empty, "nothing ran before");
        Assert.That(metrics.Now("orchestrator.current_generation.partitions"), Has.Property("Value").EqualTo(1));
        Assert.That(metrics.Now("orchestrator.active_workers"), Has.Property("Value").EqualTo(1));
        Assert.That(metrics.Now("orchestrator.projection.lag"), Has.Property("Value").EqualTo(0));
        AssertLabels(metrics);
        await host.StopAsync();
    }

    [Test]
    public async Task Host_AnotherJoinsAndOneIsLost_MeasuresThePauseAndCountsWhoWasCleaned()
    {
        var database = new InMemoryDatabase();
        using var first = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"), database: database);
        using var second = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"), database: database);
        using RecordedMetrics metrics = first.Measure();
        await first.StartAsync();
        await HoldsAsync(() => metrics.Now("orchestrator.worker.state") is { } state && state.Labels["state"] == "active");
        await second.StartAsync();
        await HoldsAsync(() => metrics.Now("orchestrator.current_generation.partitions") is { Value: 2 } && metrics.Now("orchestrator.active_workers") is { Value: 2 });
        await HoldsAsync(() => metrics.Of("orchestrator.pause.duration").Count == 1);

        IControlSession lost = await new InMemoryMembershipStore(database, TimeProvider.System).RegisterAsync(
            new WorkerRegistration(Guid.NewGuid(), "main", ["totals"], "host", 1, "1.0"), CancellationToken.None);
        await lost.DisposeAsync();
        await HoldsAsync(() => metrics.Of("orchestrator.stale_workers_cleaned") is [{ Value: 1 } cleaned] && cleaned.Labels["reason"] == "dead");

        AssertLabels(metrics);
        await second.StopAsync();
        await first.StopAsync();
    }

    [Test]
    public async Task Host_HandlerTakesItsTimeAndFails_ShowsTheLagAndCountsErrorsAndRetries()
    {
        using var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"));
        using RecordedMetrics metrics = host.Measure();
        var begun = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        host.Script.OnEvent = async (_, _, _) =>
        {
            if (begun.TrySetResult())
            {
                await goOn.Task;
                throw new FormatException();
            }
        };
        await host.AppendAsync(5);
        await host.StartAsync();
        await begun.Task.Soon();
        await HoldsAsync(() => metrics.Now("orchestrator.projection.lag_events") is { Value: 5 } && metrics.Now("orchestrator.projection.lag") is { Value: > 0 });
        goOn.SetResult();
        await HoldsAsync(() => metrics.Now("orchestrator.projection.lag_events") is { Value: 0 } && metrics.Now("orchestrator.projection.lag") is { Value: 0 });

        Assert.That(metrics.Sum("orchestrator.projection.errors"), Is.EqualTo(1));
        Assert.That(metrics.Of("orchestrator.retries").Single().Labels["cause"], Is.EqualTo("handler"));
        Assert.That(metrics.Sum("orchestrator.events.processed"), Is.EqualTo(5), "what was rolled back does not count");
        AssertLabels(metrics);
        await host.StopAsync();
    }

    [Test]
    public async Task Host_IsBehind_AsksForAnotherWorker()
    {
        using var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"), rs => (rs.CatchUpTarget, rs.MaxBatchDuration) = (TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(50)));
        using RecordedMetrics metrics = host.Measure();
        host.Script.OnEvent = async (_, _, cancellationToken) => await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);
        await host.StartAsync();
        await HoldsAsync(() => metrics.Now("orchestrator.desired_workers") is { Value: 1 });
        await host.AppendAsync(20_000);
        await HoldsAsync(() => metrics.Now("orchestrator.desired_workers") is { Value: 2 });

        AssertLabels(metrics);
        await host.StopAsync();
    }

    // Each with exactly the labels that the page promises.
    private static void AssertLabels(RecordedMetrics metrics) =>
        Assert.That(metrics.All.Select(measured => measured.Labels.Keys), Is.EqualTo(metrics.All.Select(measured => MetricsPageTests.LabelsOf(measured.Instrument))));

    private static Task HoldsAsync(Func<bool> condition) => Eventually.HoldsAsync(() => Task.FromResult(condition()));
}
