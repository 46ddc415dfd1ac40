using FsCheck;
using FsCheck.Fluent;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;
using Orchestrator.Projections;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Processing;

internal sealed class BatchSelectionTests
{
    private static readonly EventFilter OnlyWanted = EventFilter.Of([], ["Wanted"]);

    [Test]
    public void Of_RowBehindThePagesStart_TakesWhatFollowsTheRow()
    {
        var selection = BatchSelection.Of(TestEvents.Page(0, 10), Row(4), EventFilter.All, 100, long.MaxValue);

        Assert.That(Positions(selection), Is.EqualTo(new[] { 5, 6, 7, 8, 9, 10 }));
        Assert.That(selection.Position, Is.EqualTo(10));
    }

    // The page goes on behind its last event that is wanted: only who has applied all of them gets to its end.
    [TestCase(0, 4)]
    [TestCase(1, 5)]
    [TestCase(2, 7)]
    [TestCase(3, 10)]
    public void PositionBehind_SomeAreApplied_IsThatOfTheLast(int applied, long position)
    {
        EventPage page = TestEvents.Page(0, 10, TestEvents.At(5, "Wanted"), TestEvents.At(7, "Wanted"), TestEvents.At(8, "Wanted"), TestEvents.At(9));

        Assert.That(BatchSelection.Of(page, Row(4), OnlyWanted, 100, long.MaxValue).PositionBehind(applied), Is.EqualTo(position));
    }

    [Test]
    public void Of_EventsOfOtherSlots_AreNotTakenNorCounted()
    {
        var selection = BatchSelection.Of(TestEvents.Page(0, 10), Row(0) with { Slots = new SlotRange(3, 6) }, EventFilter.All, 100, long.MaxValue);

        Assert.That(Positions(selection), Is.EqualTo(new[] { 3, 4, 5 }));
        Assert.That(selection.Unwanted, Is.Zero);
        Assert.That(selection.Position, Is.EqualTo(10), "the row goes on to the page's end");
    }

    [Test]
    public void Of_Filter_CountsTheUnwanted()
    {
        EventPage page = TestEvents.Page(0, 9, TestEvents.At(2, "Wanted"), TestEvents.At(3), TestEvents.At(4), TestEvents.At(5, "Wanted"));
        var selection = BatchSelection.Of(page, Row(0), OnlyWanted, 100, long.MaxValue);

        Assert.That(Positions(selection), Is.EqualTo(new[] { 2, 5 }));
        Assert.That(selection.Unwanted, Is.EqualTo(2));
        Assert.That(selection.Position, Is.EqualTo(9));
    }

    [Test]
    public void Of_MoreThanABatch_StandsAtTheLastEventTaken()
    {
        var selection = BatchSelection.Of(TestEvents.Page(0, 10), Row(0), EventFilter.All, 3, long.MaxValue);

        Assert.That(Positions(selection), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(selection.Position, Is.EqualTo(3));
    }

    [Test]
    public void Of_BatchFullAndOnlyUnwantedBehind_StandsAtThePagesEnd()
    {
        EventPage page = TestEvents.Page(0, 9, TestEvents.At(2, "Wanted"), TestEvents.At(3));
        var selection = BatchSelection.Of(page, Row(0), OnlyWanted, 1, long.MaxValue);

        Assert.That(selection.Position, Is.EqualTo(9));
        Assert.That(selection.Unwanted, Is.EqualTo(1));
    }

    [Test]
    public void Of_Limit_IsNotPassed()
    {
        var selection = BatchSelection.Of(TestEvents.Page(0, 10), Row(0), EventFilter.All, 100, 4);

        Assert.That(Positions(selection), Is.EqualTo(new[] { 1, 2, 3, 4 }));
        Assert.That(selection.Position, Is.EqualTo(4));
    }

    [Test]
    public void Of_NothingWanted_MovesTheRowAllTheSame() =>
        Assert.That(BatchSelection.Of(TestEvents.Page(0, 10), Row(2), OnlyWanted, 5, long.MaxValue), Is.EqualTo(new BatchSelection([], 2, 10, 8)).Using<BatchSelection>(Same));

    [Test]
    public void Of_BatchByBatch_TakesEveryWantedEventOnceInOrder() =>
        Prop.ForAll(Gen.Zip(Gen.ArrayOf(Gen.Choose(0, 3)), Gen.Zip(Gen.Choose(1, 5), Gen.Choose(0, 20))).ToArbitrary(), input =>
        {
            (int[] kinds, (int batchSize, int start)) = input;
            PersistedEvent[] events = [.. kinds.Select((kind, i) => TestEvents.At(i + 1, kind == 0 ? "Other" : "Wanted"))];
            EventPage page = TestEvents.Page(0, kinds.Length + 1, events);
            Checkpoint row = Row(Math.Min(start, kinds.Length)) with { Slots = new SlotRange(0, 15) };
            long[] expected = [.. events.Where(e => e.GlobalPosition > row.Position && e.GlobalPosition < 15 && e.EventType == "Wanted").Select(e => e.GlobalPosition)];
            List<long> taken = [];
            while (page.Serves(row.Slots, row.Position))
            {
                var selection = BatchSelection.Of(page, row, OnlyWanted, batchSize, long.MaxValue);
                Assert.That(selection.Position, Is.GreaterThan(row.Position), "it moves");
                Assert.That(selection.Events, Has.Count.LessThanOrEqualTo(batchSize));
                taken.AddRange(Positions(selection));
                row = row with { Position = selection.Position };
            }

            return taken.SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();

    private static bool Same(BatchSelection a, BatchSelection b) => a.From == b.From && a.Position == b.Position && a.Unwanted == b.Unwanted && a.Events.SequenceEqual(b.Events);

    private static IEnumerable<long> Positions(BatchSelection selection) => selection.Events.Select(e => e.GlobalPosition);

    private static Checkpoint Row(long position) => new("totals", 1, SlotRange.All, position, 1, Guid.Empty);
}
