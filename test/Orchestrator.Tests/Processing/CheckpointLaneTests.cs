using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;

namespace Orchestrator.Tests.Processing;

internal sealed class CheckpointLaneTests
{
    private static readonly Checkpoint Row = new("totals", 1, SlotRange.All, 7, 1, Guid.Empty);

    [Test]
    public void Status_NothingChanged_IsTheSameObject()
    {
        var lane = new CheckpointLane(Row, ProcessingBench.Define(batchSize: 100).Tuning);
        RowStatus shown = lane.Status;

        Assert.That(lane.Status, Is.SameAs(shown).And.EqualTo(new RowStatus(SlotRange.All, 7, RowState.Running, 0, null)));
    }

    [Test]
    public void Status_RowFailsStopsAndGoesOn_FollowsIt()
    {
        var lane = new CheckpointLane(Row, ProcessingBench.Define(batchSize: 100).Tuning);
        lane.HandlerFailed(single: true);
        lane.LastFailure = new FormatException();
        Assert.That(lane.Status, Is.EqualTo(new RowStatus(SlotRange.All, 7, RowState.Retrying, 1, "FormatException")));

        lane.LastFailure = new TimeoutException();
        Assert.That(lane.Status.Cause, Is.EqualTo("TimeoutException"));

        lane.StoppedBy = lane.LastFailure;
        Assert.That(lane.Status.State, Is.EqualTo(RowState.Stopped));

        lane.StoppedBy = null;
        lane.Succeeded(Row with { Position = 9 });
        Assert.That(lane.Status, Is.EqualTo(new RowStatus(SlotRange.All, 9, RowState.Running, 0, null)));
    }
}
