using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Tests.Checkpoints;

internal sealed class CheckpointRecutTests
{
    private static readonly string[] Projections = ["a", "b", "c"];

    [Test]
    public void Cut_AnySequenceOfMembersAndProgress_KeepsEverySlotsPositionAndCoversEverySlotOnce() =>
        Prop.ForAll(Gen.ListOf(Rescales()).ToArbitrary(), rescales =>
        {
            ImmutableArray<Checkpoint> rows = [];
            long generation = 0;
            foreach (Rescale rescale in rescales)
            {
                ImmutableArray<Checkpoint> cut = CheckpointRecut.Cut(rows, rescale.Members, ++generation);
                AssertInvariants(rows, cut, rescale.Members, generation);
                rows = [.. cut.Select((row, i) => row with { Position = row.Position + rescale.Progress[i % rescale.Progress.Length] })];
            }
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Cut_RowsInAnyOrder_GivesTheSame()
    {
        Checkpoint[] rows = [Row("b", 0, SlotRange.Count, 3), Row("a", 100, SlotRange.Count, 2), Row("a", 0, 100, 1)];
        MemberProjections[] members = [Member("a", "b"), Member("a")];

        Assert.That(CheckpointRecut.Cut(rows, members, 5), Is.EqualTo(CheckpointRecut.Cut([.. rows.Reverse()], members, 5)));
    }

    [Test]
    public void Cut_NothingYet_BeginsEveryAnnouncedProjectionAtZero()
    {
        MemberProjections first = Member("a");
        MemberProjections second = Member("a", "b");

        Assert.That(CheckpointRecut.Cut([], [first, second], 1), Is.EqualTo(new[]
        {
            new Checkpoint("a", 1, SlotRange.OfPartition(0, 2), 0, 1, first.WorkerId),
            new Checkpoint("a", 1, SlotRange.OfPartition(1, 2), 0, 1, second.WorkerId),
            new Checkpoint("b", 1, SlotRange.All, 0, 1, second.WorkerId),
        }));
    }

    [Test]
    public void Cut_NeighboursAtDifferentPositions_AreNotMerged()
    {
        MemberProjections member = Member("a");
        Checkpoint[] rows = [Row("a", 0, 10, 5), Row("a", 10, 20, 6), Row("a", 20, 30, 6), Row("a", 30, SlotRange.Count, 5)];

        Assert.That(CheckpointRecut.Cut(rows, [member], 2), Is.EqualTo(new[]
        {
            new Checkpoint("a", 1, new SlotRange(0, 10), 5, 2, member.WorkerId),
            new Checkpoint("a", 1, new SlotRange(10, 30), 6, 2, member.WorkerId),
            new Checkpoint("a", 1, new SlotRange(30, SlotRange.Count), 5, 2, member.WorkerId),
        }));
    }

    [Test]
    public void Cut_MemberWithLanes_CutsItsShareAtTheirBordersAndMergesOnlyInsideThem()
    {
        MemberProjections first = Member("a") with { Lanes = 2 };
        MemberProjections second = Member("a");
        Checkpoint[] rows = [Row("a", 0, 4_096, 7), Row("a", 4_096, SlotRange.Count, 7)];

        Assert.That(CheckpointRecut.Cut(rows, [first, second], 3), Is.EqualTo(new[]
        {
            new Checkpoint("a", 1, new SlotRange(0, 8_192), 7, 3, first.WorkerId),
            new Checkpoint("a", 1, new SlotRange(8_192, 16_384), 7, 3, first.WorkerId),
            new Checkpoint("a", 1, new SlotRange(16_384, SlotRange.Count), 7, 3, second.WorkerId),
        }));
    }

    [Test]
    public void Cut_ProjectionNobodyHas_KeepsItsRowsWithoutAnOwner()
    {
        Checkpoint[] rows = [Row("old", 0, 10, 5), Row("old", 10, SlotRange.Count, 5)];

        Assert.That(
            CheckpointRecut.Cut(rows, [Member("new")], 2).Where(row => row.Projection == "old"),
            Is.EqualTo(rows.Select(row => row with { GenerationId = 2, WorkerId = null })));
    }

    [Test]
    public void Cut_AnotherVersionOfAProjection_IsCutOnItsOwn()
    {
        Checkpoint[] rows = [Row("a", 0, SlotRange.Count, 5), Row("a", 0, SlotRange.Count, 9) with { Version = 2 }];

        ImmutableArray<Checkpoint> cut = CheckpointRecut.Cut(rows, [Member("a"), Member("a")], 2);
        Assert.That(cut.Select(row => (row.Version, row.Position)), Is.EqualTo(new[] { (1, 5L), (1, 5L), (2, 9L), (2, 9L) }));
    }

    [TestCase("1-32768", TestName = "{m}(gap at the beginning)")]
    [TestCase("0-32767", TestName = "{m}(gap at the end)")]
    [TestCase("0-10 11-32768", TestName = "{m}(gap in the middle)")]
    [TestCase("0-11 10-32768", TestName = "{m}(overlap)")]
    [TestCase("0-32768 5-10", TestName = "{m}(a row within another)")]
    [TestCase("0-32768 5-32768", TestName = "{m}(a row within another, to the same end)")]
    [TestCase("0-32768 0-32768", TestName = "{m}(the same row twice)")]
    [TestCase("0-10 10-32768 32767-32768", TestName = "{m}(overlap at the end)")]
    [TestCase("0-32769", TestName = "{m}(beyond the end)")]
    public void Cut_RowsDoNotCoverEverySlotOnce_ThrowsAndNamesTheProjection(string ranges)
    {
        Checkpoint[] rows = [.. ranges.Split(' ').Select(range => range.Split('-')).Select(range => Row("broken", Number(range[0]), Number(range[1]), 1))];

        Assert.That(() => CheckpointRecut.Cut(rows, [Member("broken")], 2), Throws.InvalidOperationException.With.Message.Contains("'broken'"));
        Assert.That(() => CheckpointRecut.Cut(rows, [Member("other")], 2), Throws.InvalidOperationException, "also when nobody has it");
    }

    private static void AssertInvariants(ImmutableArray<Checkpoint> before, ImmutableArray<Checkpoint> after, ImmutableArray<MemberProjections> members, long generation)
    {
        string[] expected = [.. before.Select(row => row.Projection).Concat(members.SelectMany(member => member.Projections)).Distinct().Order(StringComparer.Ordinal)];
        Assert.That(after.Select(row => row.Projection).Distinct(), Is.EqualTo(expected));
        Assert.That(after.Select(row => row.GenerationId), Is.All.EqualTo(generation));
        foreach (string projection in expected)
        {
            Checkpoint[] rows = [.. after.Where(row => row.Projection == projection)];
            Assert.That(rows.Select(row => row.Slots.From), Is.EqualTo(rows.Select(row => row.Slots.To).SkipLast(1).Prepend(0)), "one begins where the other ends");
            Assert.That(rows[^1].Slots.To, Is.EqualTo(SlotRange.Count));
            AssertPositions([.. before.Where(row => row.Projection == projection)], rows);
            AssertOwners(rows, [.. members.Where(member => member.Projections.Contains(projection))]);
        }
    }

    private static void AssertPositions(Checkpoint[] before, Checkpoint[] after)
    {
        foreach (Checkpoint row in after)
        {
            Assert.That(
                before.Where(old => old.Slots.Intersect(row.Slots) is not null).Select(old => old.Position).DefaultIfEmpty(0),
                Is.All.EqualTo(row.Position),
                $"every slot of {row.Slots} keeps its position");
        }
    }

    private static void AssertOwners(Checkpoint[] rows, MemberProjections[] owners)
    {
        if (owners.Length == 0)
        {
            Assert.That(rows.Select(row => row.WorkerId), Is.All.Null);
            return;
        }

        for (int partition = 0; partition < owners.Length; partition++)
        {
            Checkpoint[] owned = [.. rows.Where(row => row.WorkerId == owners[partition].WorkerId)];
            var share = SlotRange.OfPartition(partition, owners.Length);
            int[] borders = [.. Enumerable.Range(1, owners[partition].Lanes - 1).Select(lane => share.Part(lane, owners[partition].Lanes).From)];
            Assert.That(new SlotRange(owned[0].Slots.From, owned[^1].Slots.To), Is.EqualTo(share));
            Assert.That(owned.Skip(1).Select(row => row.Slots.From), Is.SupersetOf(borders), "no row straddles two lanes");
            Assert.That(
                owned.Zip(owned.Skip(1)),
                Is.All.Matches<(Checkpoint Below, Checkpoint Above)>(pair => pair.Below.Position != pair.Above.Position || borders.Contains(pair.Above.Slots.From)),
                "equal neighbours in one lane are one row");
        }
    }

    private static Gen<Rescale> Rescales() =>
        Gen.Zip(Gen.ArrayOf(Gen.Zip(Gen.SubListOf(Projections), Gen.Choose(1, 3))), Gen.NonEmptyListOf(Gen.Choose(0, 2)))
            .Select(pair => new Rescale([.. pair.Item1.Select(member => Member([.. member.Item1]) with { Lanes = member.Item2 })], [.. pair.Item2]));

    private static MemberProjections Member(params string[] projections) => new(Guid.NewGuid(), [.. projections]);

    private static Checkpoint Row(string projection, int from, int to, long position) => new(projection, 1, new SlotRange(from, to), position, 1, Guid.NewGuid());

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A new list of members, and how far the rows then come.</summary>
    private sealed record Rescale(ImmutableArray<MemberProjections> Members, int[] Progress);
}
