using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Tests.Processing;

internal sealed class RowCursorTests
{
    private static readonly Checkpoint Row = new("totals", 1, SlotRange.All, 7, 1, Guid.Empty);

    [Test]
    public void Status_NothingChanged_IsTheSameObject()
    {
        var cursor = ProcessingBench.Cursor(Row);
        RowStatus shown = cursor.Status;

        Assert.That(cursor.Status, Is.SameAs(shown).And.EqualTo(new RowStatus(SlotRange.All, 7, RowState.Running, 0, null)));
    }

    [Test]
    public void Status_RowFailsStopsAndGoesOn_FollowsIt()
    {
        var cursor = ProcessingBench.Cursor(Row);
        cursor.HandlerFailed(single: true);
        cursor.LastFailure = new FormatException();
        Assert.That(cursor.Status, Is.EqualTo(new RowStatus(SlotRange.All, 7, RowState.Retrying, 1, "FormatException")));

        cursor.LastFailure = new TimeoutException();
        Assert.That(cursor.Status.Cause, Is.EqualTo("TimeoutException"));

        cursor.StoppedBy = cursor.LastFailure;
        Assert.That(cursor.Status.State, Is.EqualTo(RowState.Stopped));

        cursor.StoppedBy = null;
        cursor.Succeeded(Row with { Position = 9 }, handled: 2, TimeSpan.Zero);
        Assert.That(cursor.Status, Is.EqualTo(new RowStatus(SlotRange.All, 9, RowState.Running, 0, null)));
    }
}
