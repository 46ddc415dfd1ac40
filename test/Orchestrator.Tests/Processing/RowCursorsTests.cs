using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Processing;

internal sealed class RowCursorsTests
{
    [TestCase(0, 7)]
    [TestCase(1, long.MaxValue)]
    [TestCase(2, 7)]
    [TestCase(3, long.MaxValue)]
    public void LimitOf_ANeighbourIsAhead_IsItsPosition(int index, long limit)
    {
        RowCursors rows = Rows((0, 10, 3), (10, 20, 7), (20, 30, 5), (40, 50, 1));

        Assert.That(rows.LimitOf(rows.Now[index]), Is.EqualTo(limit));
    }

    [Test]
    public void LimitOf_TheNeighbourHasStopped_IsNone()
    {
        RowCursors rows = Rows((0, 10, 3), (10, 20, 7));
        rows.Now[1].StoppedBy = new FormatException();

        Assert.That(rows.LimitOf(rows.Now[0]), Is.EqualTo(long.MaxValue), "the two would never meet");
        Assert.That(rows.Running, Is.EqualTo(new[] { rows.Now[0] }));
    }

    [Test]
    public void Neighbours_AGapBetweenRows_AreThoseWithoutOne()
    {
        RowCursors rows = Rows((0, 10, 3), (10, 20, 7), (40, 50, 1));

        Assert.That(rows.Neighbours.Select(pair => (pair.Lower.Slots.From, pair.Upper.Slots.From)), Is.EqualTo(new[] { (0, 10) }));
    }

    [Test]
    public void ShowIn_NothingChanged_WritesNothing()
    {
        var status = new ProjectionStatus("totals", new ManualTime());
        RowCursors rows = Rows((0, 10, 3), (10, 20, 7));
        rows.ShowIn(status);
        IReadOnlyList<RowStatus> shown = status.Rows;
        Assert.That(shown.Select(row => row.Position), Is.EqualTo(new[] { 3, 7 }));

        rows.ShowIn(status);
        Assert.That(status.Rows, Is.SameAs(shown));

        rows.Remove(rows.Now[0]);
        rows.ShowIn(status);
        Assert.That(status.Rows.Select(row => row.Position), Is.EqualTo(new[] { 7 }));
    }

    private static RowCursors Rows(params (int From, int To, long Position)[] rows) =>
        new(rows.Select(row => new Checkpoint("totals", 1, new SlotRange(row.From, row.To), row.Position, 1, Guid.Empty)), ProcessingBench.Define().Tuning);
}
