using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Health;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Health;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LivenessTests
{
    private static readonly TimeSpan LoopTimeout = TimeSpan.FromMinutes(2);

    private readonly ManualTime _time = new();
    private readonly ReplicaSetStatus _replicaSet = new("main");
    private readonly WorkerStatus _worker;

    public LivenessTests() => _worker = new WorkerStatus(Guid.NewGuid(), TimeSpan.FromSeconds(30), _time);

    [Test]
    public void Judge_NothingHasStarted_FindsNothing() => Assert.That(Causes(), Is.Empty);

    [Test]
    public void Judge_LoopIsOverdueByLessThanTheTimeout_FindsNothing()
    {
        _replicaSet.Registered(_worker);
        _worker.Watch.Turned(TimeSpan.FromSeconds(10));
        _time.Advance(LoopTimeout + TimeSpan.FromSeconds(10));

        Assert.That(Causes(), Is.Empty, "the pause that the loop announced does not count");
    }

    [Test]
    public void Judge_LoopHangs_NamesIt([Values("heartbeat loop", "generation watch loop", "partition worker loop")] string loop)
    {
        _replicaSet.Registered(_worker);
        LoopPulse pulse = loop switch
        {
            "heartbeat loop" => _worker.Heartbeat,
            "generation watch loop" => _worker.Watch,
            _ => _worker.Work,
        };
        pulse.Turned();
        _time.Advance(LoopTimeout + TimeSpan.FromSeconds(1));

        Assert.That(Causes(), Has.Exactly(1).Items.And.All.Contains(loop).And.All.Contains("'main'"));

        pulse.Turned();
        Assert.That(Causes(), Is.Empty, "it turns again");
    }

    [Test]
    public void Judge_LoopRests_FindsNothing()
    {
        _replicaSet.Registered(_worker);
        _worker.Work.Turned();
        _worker.Work.Rests();
        _time.Advance(TimeSpan.FromDays(1));

        Assert.That(Causes(), Is.Empty);
    }

    [Test]
    public void Judge_RunnerHangsOutsideItsHandler_NamesTheProjection()
    {
        _replicaSet.Registered(_worker);
        var projection = new ProjectionStatus("totals", _time);
        using IDisposable shown = _worker.Show(projection);
        projection.Pulse.Turned();
        using (projection.EnterHandler())
        {
            _time.Advance(TimeSpan.FromHours(1));
            Assert.That(Causes(), Is.Empty, "a handler may take its time");
        }

        Assert.That(Causes(), Is.Empty, "the loop has turned as the handler came back");
        _time.Advance(LoopTimeout + TimeSpan.FromSeconds(1));
        Assert.That(Causes(), Has.Exactly(1).Items.And.All.Contains("'totals'"));
    }

    [Test]
    public void Judge_ProjectionOrWorkerIsOver_FindsNothing()
    {
        _replicaSet.Registered(_worker);
        var projection = new ProjectionStatus("totals", _time);
        IDisposable shown = _worker.Show(projection);
        projection.Pulse.Turned();
        shown.Dispose();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(Causes(), Is.Empty);

        _worker.Heartbeat.Turned();
        _time.Advance(TimeSpan.FromHours(1));
        _replicaSet.Over();
        Assert.That(Causes(), Is.Empty);
    }

    [Test]
    public void Judge_AgentDied_SaysSo()
    {
        _replicaSet.Died(new InvalidOperationException("not for the page"));

        Assert.That(Causes(), Has.Exactly(1).Items.And.All.Contains(nameof(InvalidOperationException)).And.None.Contains("not for the page"));
    }

    private string[] Causes() => [.. Liveness.Judge(_replicaSet, LoopTimeout).Select(finding => finding.Cause)];
}
