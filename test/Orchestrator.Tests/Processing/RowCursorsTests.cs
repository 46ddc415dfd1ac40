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
    public void TakeOver_TheLaneHasOtherRows_KeepsWhatStaysAndTakesTheRest()
    {
        var share = new LaneShare([Row(0, 10, 3), Row(10, 20, 7), Row(20, 30, 7)]);
        var rows = new RowCursors(share, ProcessingBench.Define().Tuning);
        Assert.That(rows.TakeOver(), Has.Length.EqualTo(3));
        RowCursor stays = rows.Now[0];
        stays.Row = stays.Row with { Position = 5 };
        Assert.That(rows.Outdated.IsCancellationRequested, Is.False);

        share.Publish([Row(0, 10, 4), Row(10, 15, 7, stamp: 2), Row(40, 50, 1)]);
        Assert.That(rows.Outdated.IsCancellationRequested, Is.True);

        Assert.That(rows.TakeOver().Select(row => row.Slots.From), Is.EqualTo(new[] { 10, 40 }), "cut anew, and another's until now");
        Assert.That(rows.Now.Select(row => (row.Slots.From, row.Slots.To, row.Position)), Is.EqualTo(new[] { (0, 10, 5L), (10, 15, 7), (40, 50, 1) }));
        Assert.That(rows.Now[0], Is.SameAs(stays), "what is remembered of it is newer");
    }

    [Test]
    public void TakeOver_TheEndOfARowCameBackFromAnother_IsTakenThoughTheRowIsRememberedWithIt()
    {
        var share = new LaneShare([Row(0, 20, 7)]);
        var rows = new RowCursors(share, ProcessingBench.Define().Tuning);
        rows.TakeOver();

        share.Publish([Row(0, 10, 7), Row(10, 20, 7, stamp: 5)]);

        Assert.That(rows.TakeOver().Single(), Is.EqualTo(Row(10, 20, 7, stamp: 5)));
        Assert.That(rows.Now, Has.Length.EqualTo(2));
    }

    [Test]
    public void IsOwned_TheRowHasGoneToAnother_IsFalseAtOnce()
    {
        var share = new LaneShare([Row(0, 10, 7)]);
        var rows = new RowCursors(share, ProcessingBench.Define().Tuning);
        rows.TakeOver();
        RowCursor cursor = rows.Now[0];
        Assert.That(cursor.IsOwned, Is.True);

        share.Publish([]);

        Assert.That(cursor.IsOwned, Is.False);
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

    private static Checkpoint Row(int from, int to, long position, long stamp = 1) => new("totals", 1, new SlotRange(from, to), position, stamp, Guid.Empty);

    private static RowCursors Rows(params (int From, int To, long Position)[] rows)
    {
        var cursors = new RowCursors(new LaneShare([.. rows.Select(row => Row(row.From, row.To, row.Position))]), ProcessingBench.Define().Tuning);
        cursors.TakeOver();
        return cursors;
    }
}
