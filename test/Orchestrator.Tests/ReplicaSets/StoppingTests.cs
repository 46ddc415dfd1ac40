using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Events;
using Orchestrator.Projections;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Processing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.ReplicaSets;

/// <summary>How whole hosts stop, and what goes on when one projection cannot.</summary>
internal sealed class StoppingTests
{
    [Test]
    public async Task StopAsync_BatchInHand_FinishesItStartsNoOtherAndLeaves()
    {
        using var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"), rs => rs.BatchSize = 4);
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
        Task stopping = host.StopAsync();
        Assert.That(stopping.IsCompleted, Is.False);
        goOn.SetResult();
        await stopping.Soon();

        Assert.That(host.Script.Applied(), Is.Not.Empty.And.Count.LessThanOrEqualTo(4));
        Assert.That(host.Positions("totals"), Is.EqualTo(new[] { host.Script.Applied()[^1] }));
        Assert.That(host.Workers(), Is.Zero);
        Assert.That(host.Loggers.With(1002), Has.Count.EqualTo(1), "shutdown complete");
        Assert.That(host.Loggers.With(1007), Is.Empty);
    }

    [Test]
    public async Task StopAsync_DrainTimesOut_RollsBackAndLeaves()
    {
        using var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"), rs => rs.DrainTimeout = TimeSpan.FromMilliseconds(20));
        var begun = new TaskCompletionSource();
        host.Script.OnEvent = async (_, _, token) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        };
        await host.StartAsync();
        await host.AppendAsync(3);
        await begun.Task.Soon();
        await host.StopAsync().Soon();

        Assert.That(host.Script.Applied(), Is.Empty);
        Assert.That(host.Positions("totals"), Is.EqualTo(new[] { 0 }));
        Assert.That(host.Workers(), Is.Zero);
        Assert.That(host.Loggers.With(1007), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task StopAsync_NothingToDo_Leaves()
    {
        using var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"));
        await host.StartAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(host.Positions("totals").Count == 1));
        await host.StopAsync().Soon();

        Assert.That(host.Workers(), Is.Zero);
    }

    [Test]
    public async Task Run_HandlerAlwaysFailsOnOneEvent_StopsThatProjectionAndTheOthersReachTheEnd()
    {
        using var host = new HostUnderTest(
            rs => rs.AddProjection<ScriptedProjection>("bad").AddProjection<ScriptedProjection>("good").AddProjection<Attributed>(),
            rs => (rs.Retry.InitialDelay, rs.Retry.MaxAttempts) = (TimeSpan.FromMilliseconds(1), 2));
        host.Script.OnEvent = (e, context, _) => context.Projection == "bad" && e.GlobalPosition == 13 ? throw new FormatException() : ValueTask.CompletedTask;
        await host.StartAsync();
        await host.AppendAsync(20);
        await host.AppendAsync(5, "Rare");
        await Eventually.HoldsAsync(() => Task.FromResult(host.Loggers.With(2004).Count == 1 && host.Positions("good")[0] == 25 && host.Positions("attributed")[0] == 25));
        await host.StopAsync().Soon();

        Assert.That(host.Positions("bad"), Is.EqualTo(new[] { 12 }), "the batch shrinks until the events before are through");
        Assert.That(host.Script.Applied("bad"), Is.EqualTo(Enumerable.Range(1, 12)));
        Assert.That(host.Script.Applied("good"), Is.EqualTo(Enumerable.Range(1, 25)));
        Assert.That(host.Script.Applied("attributed"), Is.EqualTo(Enumerable.Range(21, 5)), "its attribute says which events it wants");
        Assert.That(host.Workers(), Is.Zero);
    }

    [Test]
    public async Task Run_FilterInOptions_WinsOverTheAttribute()
    {
        using var host = new HostUnderTest(rs => rs.AddProjection<Attributed>(configure: p => p.EventTypes.Add("Happened")));
        await host.StartAsync();
        await host.AppendAsync(3, "Rare");
        await host.AppendAsync(2);
        await Eventually.HoldsAsync(() => Task.FromResult(host.Positions("attributed") is [5]));
        await host.StopAsync().Soon();

        Assert.That(host.Script.Applied("attributed"), Is.EqualTo(new[] { 4, 5 }));
    }

    [Projection("attributed", EventTypes = ["Rare"])]
    private sealed class Attributed(Script script) : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken) => script.HandleAsync(e, context, cancellationToken);
    }
}
