using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Tests.Checkpoints;

internal sealed class RollingRecutTests
{
    private static readonly ImmutableArray<Guid> s_workers = [.. Enumerable.Range(1, 12).Select(number => new Guid(number, 0, 0, new byte[8]))];

    [Test]
    public void Changes_NoRowsYet_AreOneRowInAsManyPartsAsThereAreMembers()
    {
        RowChange change = RollingRecut.Changes([], [Member(0), Member(1)], 7).Single();

        Assert.That(change.Row, Is.EqualTo(new Checkpoint("totals", 1, SlotRange.All, 0, 0, null)));
        Assert.That(change.Parts, Is.EqualTo(new[] { Row(0, 16_384, 0, 7, 0), Row(16_384, 32_768, 0, 7, 1) }));
    }

    [Test]
    public void Changes_EverybodyHasAFairShare_AreNone() =>
        Assert.That(RollingRecut.Changes([Row(0, 16_384, 5, 3, 1), Row(16_384, 32_768, 9, 4, 0)], [Member(0), Member(1)], 7), Is.Empty, "whoever has which");

    [Test]
    public void Changes_AJoiner_GetsTheEndOfEachShareAndTheRestStays()
    {
        ImmutableArray<Checkpoint> rows = [Row(0, 16_384, 5, 3, 0), Row(16_384, 32_768, 9, 3, 1)];

        ImmutableArray<Checkpoint> after = Apply(rows, RollingRecut.Changes(rows, [Member(0), Member(1), Member(2)], 7));

        Assert.That(after, Is.EqualTo(new[] { Row(0, 11_008, 5, 3, 0), Row(11_008, 16_384, 5, 7, 2), Row(16_384, 27_264, 9, 3, 1), Row(27_264, 32_768, 9, 7, 2) }));
    }

    [Test]
    public void Changes_AMemberIsGone_AreItsRowsAlone()
    {
        ImmutableArray<Checkpoint> rows = [Row(0, 11_264, 5, 3, 0), Row(11_264, 22_528, 6, 3, 1), Row(22_528, 32_768, 7, 3, 2)];

        ImmutableArray<RowChange> changes = RollingRecut.Changes(rows, [Member(0), Member(1)], 7);

        Assert.That(changes.Select(change => change.Row), Is.EqualTo(new[] { rows[2] }));
        Assert.That(changes.Single().Parts.Select(part => part.WorkerId), Is.EquivalentTo(new[] { s_workers[0], s_workers[1] }));
    }

    [Test]
    public void Changes_SeveralLanes_GiveEachALaneOfItsOwn()
    {
        ImmutableArray<Checkpoint> rows = Apply([], RollingRecut.Changes([], [Member(0, lanes: 3)], 7));
        Assert.That(rows.Select(row => row.Slots), Is.EqualTo(new[] { new SlotRange(0, 10_922), new SlotRange(10_922, 21_845), new SlotRange(21_845, 32_768) }));

        rows = Apply(rows, RollingRecut.Changes(rows, [Member(0, lanes: 3), Member(1, lanes: 3)], 8));

        Assert.That(rows.GroupBy(row => row.WorkerId).Select(owned => owned.Count()), Is.All.GreaterThanOrEqualTo(3));
    }

    [Test]
    public void Changes_NobodyHasTheProjection_TakeItsOwnerAndKeepItsPosition()
    {
        ImmutableArray<Checkpoint> rows = [Row(0, 32_768, 5, 3, 0)];
        var other = new MemberProjections(s_workers[1], ["other"]);

        ImmutableArray<Checkpoint> after = Apply(rows, RollingRecut.Changes(rows, [other], 7));

        Assert.That(after.Single(row => row.Projection == "totals"), Is.EqualTo(rows[0] with { GenerationId = 7, WorkerId = null }));
        Assert.That(RollingRecut.Changes(after, [other], 8), Is.Empty);
    }

    [Test]
    public void Changes_OfARowThatBearsTheStampAlready_AreNone() =>
        Assert.That(RollingRecut.Changes([Row(0, 32_768, 5, 7, 1)], [Member(0)], 7), Is.Empty, "its owner could not tell");

    [Test]
    public void Changes_TheRowsDoNotCoverEverySlot_Throws() =>
        Assert.That(() => RollingRecut.Changes([Row(0, 10, 5, 3, 0)], [Member(0)], 7), Throws.InvalidOperationException);

    // Any sequence of members that come and go; at each step the rows change in any order, and some merge in between.
    [Test]
    public void Changes_AnyMembershipHistory_KeepEverySlotsPositionStayFairAndComeToAnEnd() =>
        Prop.ForAll(Histories().ToArbitrary(), Holds).QuickCheckThrowOnFailure();

    private static bool Holds((int Seed, int[][] Steps) history)
    {
        var random = new Random(history.Seed);
        ImmutableArray<Checkpoint> rows = [];
        long generation = 0;
        foreach (int[] members in history.Steps)
        {
            generation++;
            MemberProjections[] present = [.. members.Select(member => Member(member))];
            rows = [.. rows.Select(row => row with { Position = row.Position + random.Next(3) })];
            long[] positions = Positions(rows);
            Guid?[] owners = Owners(rows);
            for (int step = 0; RollingRecut.Changes(rows, present, generation) is { IsEmpty: false } changes; step++)
            {
                Assert.That(step, Is.LessThan(200), "comes to an end");
                rows = Apply(rows, changes.Where(_ => random.Next(2) == 0));
            }

            Assert.That(Positions(rows), Is.EqualTo(positions), "positions");
            const int unit = SlotRange.Count / 256;
            int[] shares = [.. present.Select(member => rows.Where(row => row.WorkerId == member.WorkerId).Sum(row => row.Slots.Length))];
            Assert.That(shares.Sum(), Is.EqualTo(SlotRange.Count), "owned by members");
            Assert.That(shares.Max() - shares.Min(), Is.LessThanOrEqualTo(unit), "fair");
            AssertSticky(owners, Owners(rows), present);
        }

        return true;
    }

    private static void AssertSticky(Guid?[] before, Guid?[] after, MemberProjections[] members)
    {
        foreach (Guid member in members.Select(member => member.WorkerId))
        {
            int had = before.Count(owner => owner == member);
            int lost = Enumerable.Range(0, before.Length).Count(slot => before[slot] == member && after[slot] != member);
            int fair = Slots.Length / members.Length;
            Assert.That(lost, Is.LessThanOrEqualTo(Math.Max(0, had - fair) + 1), "no more than must be");
        }
    }

    private static Gen<(int Seed, int[][] Steps)> Histories()
    {
        Gen<int[]> members = Gen.Choose(1, s_workers.Length).SelectMany(count => Gen.Shuffle(Enumerable.Range(0, s_workers.Length).ToArray()).Select(order => order.Take(count).ToArray()));
        return from seed in Gen.Choose(0, int.MaxValue)
               from steps in members.ArrayOf(6)
               select (seed, steps);
    }

    private static ImmutableArray<Checkpoint> Apply(ImmutableArray<Checkpoint> rows, IEnumerable<RowChange> changes)
    {
        foreach (RowChange change in changes)
        {
            rows = [.. rows.Where(row => row != change.Row), .. change.PartsOf(change.Row)];
        }

        return [.. rows.OrderBy(row => row.Projection, StringComparer.Ordinal).ThenBy(row => row.Slots.From)];
    }

    // One of each unit.
    private static int[] Slots { get; } = [.. Enumerable.Range(0, 256).Select(unit => unit * 128)];

    private static long[] Positions(ImmutableArray<Checkpoint> rows) => [.. Slots.Select(slot => rows.FirstOrDefault(row => row.Slots.Contains(slot))?.Position ?? 0)];

    private static Guid?[] Owners(ImmutableArray<Checkpoint> rows) => [.. Slots.Select(slot => rows.FirstOrDefault(row => row.Slots.Contains(slot))?.WorkerId)];

    private static MemberProjections Member(int worker, int lanes = 1) => new(s_workers[worker], ["totals"], lanes);

    private static Checkpoint Row(int from, int to, long position, long stamp, int worker) => new("totals", 1, new SlotRange(from, to), position, stamp, s_workers[worker]);
}
