using FsCheck;
using FsCheck.Fluent;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Tests.Generations;

internal sealed class SlotRangeTests
{
    [Test]
    public void OfPartition_AnyTotal_SharesCoverEverySlotOnceInOrder() =>
        Prop.ForAll(Totals(), total =>
        {
            int next = 0;
            for (int partition = 0; partition < total; partition++)
            {
                var share = SlotRange.OfPartition(partition, total);
                if (share.From != next || share.Length < 1)
                {
                    return false;
                }

                next = share.To;
            }

            return next == SlotRange.Count;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void OfPartition_AnyTotal_SharesDifferByOneSlotAtMost() =>
        Prop.ForAll(Totals(), total =>
        {
            int[] lengths = [.. Enumerable.Range(0, total).Select(partition => SlotRange.OfPartition(partition, total).Length)];
            return lengths.Max() - lengths.Min() <= 1;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Intersect_AnyRanges_HoldsExactlyTheSlotsOfBoth() =>
        Prop.ForAll(Gen.Zip(Ranges(), Ranges()).ToArbitrary(), pair =>
        {
            (SlotRange a, SlotRange b) = pair;
            SlotRange? common = a.Intersect(b);
            return Enumerable.Range(0, 40).All(slot => (a.Contains(slot) && b.Contains(slot)) == (common?.Contains(slot) ?? false));
        }).QuickCheckThrowOnFailure();

    [TestCase(0, 0)]
    [TestCase(0, SlotRange.Count + 1)]
    [TestCase(-1, 2)]
    [TestCase(2, 2)]
    public void OfPartition_NoSuchShare_Throws(int partition, int total) => Assert.That(() => SlotRange.OfPartition(partition, total), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void OfPartition_TheOnlyShare_IsAll()
    {
        Assert.That(SlotRange.OfPartition(0, 1).IsAll);
        Assert.That(SlotRange.OfPartition(0, 2).IsAll, Is.False);
    }

    [Test]
    public void Contains_Borders_FromIsInAndToIsNot()
    {
        var range = new SlotRange(3, 5);
        Assert.That(new[] { 2, 3, 4, 5 }.Where(range.Contains), Is.EqualTo(new[] { 3, 4 }));
        Assert.That(range.Contains(new SlotRange(3, 5)));
        Assert.That(range.Contains(new SlotRange(3, 6)), Is.False);
        Assert.That(range.Contains(new SlotRange(2, 5)), Is.False);
    }

    private static Arbitrary<int> Totals() => Gen.OneOf(Gen.Choose(1, 40), Gen.Choose(1, SlotRange.Count), Gen.Constant(SlotRange.Count)).ToArbitrary();

    private static Gen<SlotRange> Ranges() => Gen.Zip(Gen.Choose(0, 30), Gen.Choose(1, 9)).Select(pair => new SlotRange(pair.Item1, pair.Item1 + pair.Item2));
}
