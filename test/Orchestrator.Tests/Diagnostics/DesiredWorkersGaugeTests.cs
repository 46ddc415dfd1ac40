using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Scaling;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Diagnostics;

/// <summary>What the gauge for an autoscaler takes from the loops' status.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DesiredWorkersGaugeTests
{
    private readonly ManualTime _time = new();
    private readonly LogStatus _log;
    private readonly ReplicaSetStatus _replicaSet = new("main");
    private readonly WorkerStatus _worker;
    private readonly ProjectionStatus _projection;
    private readonly StatusGauges _gauges;

    public DesiredWorkersGaugeTests()
    {
        _log = new LogStatus(_time);
        var options = new ReplicaSetOptions { ScaleDownPatience = TimeSpan.Zero };
        _worker = new WorkerStatus(Guid.NewGuid(), TimeSpan.FromSeconds(30), _time) { Place = new WorkerPlace(1, 0, 2, FormingId: null) };
        _replicaSet.Scaling = new ScalingSignal(options, new Live<ReplicaSetTuning>(ReplicaSetTuning.Of(options)), _time);
        _replicaSet.Registered(_worker);
        _projection = new ProjectionStatus("totals", _time);
        _worker.Show(_projection);
        _gauges = new StatusGauges([_replicaSet], _log, _time);
    }

    [Test]
    public void DesiredWorkers_Behind_AsksForMore()
    {
        See(end: 1_000_000, position: 0);

        Assert.That(See(end: 1_000_000, position: 1_000), Is.EqualTo(4));
    }

    [Test]
    public void DesiredWorkers_NothingToDo_AsksForFewer()
    {
        See(end: 10, position: 10);

        Assert.That(See(end: 10, position: 10), Is.EqualTo(1));
    }

    [Test]
    public void DesiredWorkers_FailureIsTriedAgain_KeepsItsWord()
    {
        See(end: 10, position: 10);

        Assert.That(See(end: 10, position: 10, RowState.Retrying), Is.EqualTo(2));
    }

    [Test]
    public void DesiredWorkers_LogIsHeld_KeepsItsWord()
    {
        See(end: 10, position: 10);

        Assert.That(See(end: 10, position: 10, heldSince: _time.GetTimestamp()), Is.EqualTo(2));
    }

    [Test]
    public void DesiredWorkers_ProjectionHasStopped_IsNotWorkedFor()
    {
        See(end: 1_000_000, position: 0, RowState.Stopped);

        Assert.That(See(end: 1_000_000, position: 0, RowState.Stopped), Is.EqualTo(1));
    }

    [Test]
    public void DesiredWorkers_StandsBy_SaysNothing()
    {
        _worker.Place = new WorkerPlace(1, Partition: null, 2, FormingId: null);

        Assert.That(_gauges.DesiredWorkers(), Is.Empty);
    }

    // Ten seconds behind the last look.
    private int See(long end, long position, RowState state = RowState.Running, long? heldSince = null)
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        _log.Observed(end, heldSince);
        _projection.Rows = [new RowStatus(SlotRange.All, position, state, Failures: 0, Cause: null)];
        return _gauges.DesiredWorkers().Single().Value;
    }
}
