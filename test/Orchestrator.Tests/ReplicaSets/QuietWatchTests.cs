using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.ReplicaSets;
using Orchestrator.Hosting.Threading;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.ReplicaSets;

/// <summary>How often a worker looks for others that are gone, while the log stands still and while it moves.</summary>
public sealed class QuietWatchTests
{
    private static readonly TimeSpan Often = new ReplicaSetOptions().CoordinationInterval * 1.25;
    private static readonly TimeSpan OnceAHeartbeat = new ReplicaSetOptions().HeartbeatInterval * 0.75;

    private readonly ReplicaSetOptions _options = new() { JoinQuietTime = TimeSpan.FromMinutes(1), RegistrationWaitTime = TimeSpan.FromMinutes(1) };
    private readonly ManualTime _time = new();
    private readonly Guid _other = Guid.NewGuid();

    [TestCase(true)]
    [TestCase(false)]
    public async Task RunAsync_LogStandsStill_LooksOnceAHeartbeatUntilItMoves(bool leads)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var stop = new CancellationTokenSource();
        using WorkerLife life = NewLife();
        await using ScriptedControl control = NewControl(life, leads, life.WorkerId);
        Task running = RunAsync(control, life, stop.Token);
        Assert.That(await control.NextWaitAsync(deadline.Token), Is.LessThanOrEqualTo(Often), "it has just begun");

        _time.Advance(_options.HeartbeatInterval * 2);
        control.Notify();
        Assert.That(await control.NextWaitAsync(deadline.Token), Is.GreaterThanOrEqualTo(OnceAHeartbeat), "nothing has moved");

        life.Log.Moved();
        Assert.That(await control.NextWaitAsync(deadline.Token), Is.LessThanOrEqualTo(Often), "the move ended the wait before");

        await stop.CancelAsync();
        await running;
    }

    [Test]
    public async Task RunAsync_NewcomerWaits_GoesOnLookingOften()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var stop = new CancellationTokenSource();
        using WorkerLife life = NewLife();
        await using ScriptedControl control = NewControl(life, leads: true, life.WorkerId, _other);
        Task running = RunAsync(control, life, stop.Token);
        await control.NextWaitAsync(deadline.Token);

        _time.Advance(_options.HeartbeatInterval * 3);
        control.Notify();

        Assert.That(await control.NextWaitAsync(deadline.Token), Is.LessThanOrEqualTo(Often));
        await stop.CancelAsync();
        await running;
    }

    private WorkerLife NewLife() => new(Guid.NewGuid(), TimeSpan.FromHours(1), _time);

    private static ScriptedControl NewControl(WorkerLife life, bool leads, params Guid[] registered)
    {
        var view = new MembershipView(Registered: true, new GenerationView(1, 1, 0), Forming: null, life.WorkerId, LeaderSequence: 1);
        var roster = new Roster(new Generation(1, [life.WorkerId]), null, [.. registered.Select(id => new RosterWorker(id, 1, ["totals"], 1, SessionHeld: true))]);
        return new ScriptedControl(view, roster, leads);
    }

    private Task RunAsync(ScriptedControl control, WorkerLife life, CancellationToken stop) =>
        new GenerationWatchLoop(control, life, "main", _options, TestEnvironment.On(_time), NullLogger<GenerationWatchLoop>.Instance)
            .RunAsync(new LatestValue<Directive>(new Directive.Idle()), new LatestValue<long>(0), stop);
}
