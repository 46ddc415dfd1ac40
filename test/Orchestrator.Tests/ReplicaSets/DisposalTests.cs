using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Events;
using Orchestrator.Hosting.ReplicaSets;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Processing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.ReplicaSets;

/// <summary>Hosts that are disposed without having been stopped, or started and stopped in unusual ways.</summary>
internal sealed class DisposalTests
{
    [Test]
    public async Task Dispose_WithoutStop_FinishesTheBatchInHandAndLeaves([Values("Dispose", "DisposeAsync", "ServiceProvider")] string how)
    {
        var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"), rs => rs.BatchSize = 4);
        var begun = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        host.Script.OnEvent = async (_, _, _) =>
        {
            begun.TrySetResult();
            await goOn.Task;
        };
        await host.StartAsync();
        await host.AppendAsync(10);
        await begun.Task.Soon();
        CancellationToken draining = host.Services.GetRequiredService<RunningReplicaSets>().Stopping;
        Task disposing = DisposeAsync(host, how);
        await Eventually.HoldsAsync(() => Task.FromResult(draining.IsCancellationRequested), "it drains");
        Assert.That(disposing.IsCompleted, Is.False, "the batch is still in hand");
        goOn.SetResult();
        await disposing.Soon();

        // Where another thread disposes, the word may still be on its way to the loops.
        Assert.That(host.Script.Applied(), Is.Not.Empty.And.Count.LessThanOrEqualTo(how == "DisposeAsync" ? 4 : 10), "it starts no other");
        Assert.That(host.Positions("totals"), Is.EqualTo(new[] { host.Script.Applied()[^1] }));
        Assert.That(host.Workers(), Is.Zero);
        Assert.That(host.Loggers.With(1002), Has.Count.EqualTo(1), "shutdown complete");
        Assert.That(host.Loggers.With(1011), Is.Empty);
    }

    [Test]
    public async Task Dispose_HandlerHeedsNoCancellation_SaysSoAndDoesNotHang()
    {
        var host = new HostUnderTest(
            rs => rs.AddProjection<ScriptedProjection>("totals"),
            rs => (rs.DrainTimeout, rs.StaleWorkerTimeout, rs.HeartbeatInterval) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(100)));
        var begun = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        host.Script.OnEvent = async (_, _, _) =>
        {
            begun.TrySetResult();
            await never.Task;
        };
        await host.StartAsync();
        await host.AppendAsync(1);
        await begun.Task.Soon();
        await host.DisposeAsync().AsTask().Soon();
        Assert.That(host.Loggers.With(1011), Has.Count.EqualTo(1));

        never.SetResult();
        await Eventually.HoldsAsync(() => Task.FromResult(host.Workers() == 0), "it leaves when it can");
    }

    [Test]
    public async Task Dispose_BatchBeginsBetweenTheServicesEndAndItsWord_DrainsWithoutAnError()
    {
        var host = new HostUnderTest(rs =>
        {
            rs.AddProjection<ScriptedProjection>("totals");
            rs.Services.AddSingleton<MadeLast>();
        });
        await host.StartAsync();
        IEventStore store = host.Services.GetRequiredService<IEventStore>();
        await Eventually.HoldsAsync(() => Task.FromResult(host.Positions("totals").Count == 1), "the worker runs");
        host.Services.GetRequiredService<MadeLast>().OnDispose = () =>
        {
            // The services are over, and the workers do not know it yet.
            store.AppendAsync("Thing", "a", ExpectedVersion.Any, [new EventData("Happened", "{}"u8.ToArray())]).Wait();
            Assert.That(SpinWait.SpinUntil(() => host.Workers() == 0, TimeSpan.FromSeconds(20)), "the worker has left");
        };
        await host.DisposeAsync().AsTask().Soon();

        Assert.That(host.Script.Applied(), Is.Empty);
        Assert.That(host.Said("BackgroundService failed", "unhandled exception"), Is.False);
    }

    [Test]
    public async Task Dispose_BehindStopOrTwice_DoesNothingMore()
    {
        var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"));
        await host.StartAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(host.Positions("totals").Count == 1), "the worker runs");
        await host.StopAsync().Soon();
        await host.DisposeAsync().AsTask().Soon();
        await host.DisposeAsync().AsTask().Soon();

        Assert.That(host.Workers(), Is.Zero);
        Assert.That(host.Loggers.With(1002), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task StartAsync_CancelledHalfWay_DrainsWhatHadStarted()
    {
        var reached = new TaskCompletionSource();
        var host = new HostUnderTest(rs =>
        {
            rs.AddProjection<ScriptedProjection>("totals");
            rs.Services.AddSingleton<IHostedService>(new StartsForEver(reached));
        });
        using var cancel = new CancellationTokenSource();
        Task starting = host.StartAsync(cancel.Token);
        await reached.Task.Soon();
        await Eventually.HoldsAsync(() => Task.FromResult(host.Workers() == 1), "the replica set has started");
        await cancel.CancelAsync();
        Assert.That(async () => await starting.Soon(), Throws.InstanceOf<OperationCanceledException>());
        await host.DisposeAsync().AsTask().Soon();

        Assert.That(host.Workers(), Is.Zero);
        Assert.That(host.Loggers.With(1002), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task StartAsync_Twice_IsRefusedAndTheFirstGoesOn()
    {
        var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"));
        await host.StartAsync();
        Assert.That(async () => await host.StartAsync(), Throws.InvalidOperationException.With.Message.EqualTo(
            "The replica set 'main' has been started before. A host starts once: build another one to run again."));
        await host.AppendAsync(3);
        await Eventually.HoldsAsync(() => Task.FromResult(host.Positions("totals") is [3]), "the first goes on");
        await host.StopAsync().Soon();

        Assert.That(host.Workers(), Is.Zero);
        await host.DisposeAsync();
    }

    [Test]
    public async Task StopAsync_BeforeStart_RegistersNobody()
    {
        await using var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"));
        await host.StopAsync().Soon();

        Assert.That(async () => await host.StartAsync(), Throws.InstanceOf<OperationCanceledException>(), "a host that was stopped does not start");
        Assert.That(host.Workers(), Is.Zero);
    }

    [Test]
    public async Task TwoHostsInOneProcess_EachWithItsOwnMemory_DoNotMeet()
    {
        await using var one = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"));
        await using var other = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"));
        await one.StartAsync();
        await other.StartAsync();
        await one.AppendAsync(5);
        await other.AppendAsync(2);
        await Eventually.HoldsAsync(() => Task.FromResult(one.Positions("totals") is [5] && other.Positions("totals") is [2]), "each has the whole of its own log");

        Assert.That((one.Workers(), other.Workers()), Is.EqualTo((1, 1)));
        await one.DisposeAsync();
        await other.AppendAsync(1);
        await Eventually.HoldsAsync(() => Task.FromResult(other.Positions("totals") is [3]), "the other runs on");
    }

    // Dispose blocks: on a thread of its own.
    private static Task DisposeAsync(HostUnderTest host, string how) => how switch
    {
        "Dispose" => Task.Run(host.Dispose),
        "DisposeAsync" => host.DisposeAsync().AsTask(),
        _ => Task.Run(((IDisposable)host.Services).Dispose),
    };

    /// <summary>Made by nobody but the test, behind everything else: disposed first.</summary>
    private sealed class MadeLast : IDisposable
    {
        public Action OnDispose { get; set; } = () => { };

        public void Dispose() => OnDispose();
    }

    private sealed class StartsForEver(TaskCompletionSource reached) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            reached.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
