using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Tests.Checkpoints;

/// <summary>What the taking of partitions that are set by hand does to checkpoints.</summary>
internal sealed class CheckpointTakeTests
{
    private static readonly string[] Projections = ["a", "b"];

    [Test]
    public void Take_AnySequenceOfTakesAndTotals_KeepsEverySlotsPositionAndCoversEverySlotOnce() =>
        Prop.ForAll(Gen.ListOf(Takes()).ToArbitrary(), takes =>
        {
            ImmutableArray<Checkpoint> rows = [];
            var owners = new Dictionary<Guid, StaticPartition>();
            long stamp = 0;
            foreach (Take take in takes)
            {
                // Nobody beside whom it would be refused.
                foreach (Guid gone in owners.Where(owner => owner.Value.Total != take.Partition.Total || owner.Value == take.Partition).Select(owner => owner.Key).ToArray())
                {
                    owners.Remove(gone);
                }

                ImmutableArray<Checkpoint> cut = CheckpointRecut.Take(rows, take.Taker, take.Partition.Share, owners.Keys, ++stamp);
                ImmutableArray<Checkpoint> after = [.. rows.Where(row => row.WorkerId is { } owner && owners.ContainsKey(owner)), .. cut];
                AssertInvariants(rows, after, take, stamp);
                owners.Add(take.Taker.WorkerId, take.Partition);
                rows = [.. after.Select((row, i) => row with { Position = row.Position + (row.WorkerId is null ? 0 : take.Progress[i % take.Progress.Length]) })];
            }
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Take_NothingYet_LeavesTheRestToNobody()
    {
        MemberProjections taker = Member("a") with { Lanes = 2 };

        Assert.That(CheckpointRecut.Take([], taker, new StaticPartition(1, 4).Share, [], 5), Is.EqualTo(new[]
        {
            new Checkpoint("a", 1, new SlotRange(0, 8_192), 0, 5, null),
            new Checkpoint("a", 1, new SlotRange(8_192, 12_288), 0, 5, taker.WorkerId),
            new Checkpoint("a", 1, new SlotRange(12_288, 16_384), 0, 5, taker.WorkerId),
            new Checkpoint("a", 1, new SlotRange(16_384, SlotRange.Count), 0, 5, null),
        }));
    }

    [Test]
    public void Take_RowsOfWhoStays_AreNotAmongWhatIsWritten()
    {
        MemberProjections taker = Member("a");
        var stays = Guid.NewGuid();
        Checkpoint[] rows = [Row("a", 0, 16_384, 7, Guid.NewGuid()), Row("a", 16_384, 20_000, 3, stays), Row("a", 20_000, SlotRange.Count, 4, stays)];

        Assert.That(CheckpointRecut.Take(rows, taker, new StaticPartition(0, 2).Share, [stays], 5), Is.EqualTo(new[] { new Checkpoint("a", 1, new SlotRange(0, 16_384), 7, 5, taker.WorkerId) }));
    }

    [Test]
    public void Take_WhoStaysOwnsASlotOfTheShare_ThrowsAndNamesIt()
    {
        var stays = Guid.NewGuid();
        Checkpoint[] rows = [Row("a", 0, SlotRange.Count, 7, stays)];

        Assert.That(() => CheckpointRecut.Take(rows, Member("a"), new StaticPartition(0, 2).Share, [stays], 5), Throws.InvalidOperationException.With.Message.Contains($"{stays}"));
    }

    [Test]
    public void Take_RowsDoNotCoverEverySlotOnce_Throws() =>
        Assert.That(
            () => CheckpointRecut.Take([Row("a", 0, 5, 7, null)], Member("b"), new StaticPartition(0, 2).Share, [], 5), Throws.InvalidOperationException.With.Message.Contains("'a'"));

    private static void AssertInvariants(ImmutableArray<Checkpoint> before, ImmutableArray<Checkpoint> after, Take take, long stamp)
    {
        foreach (IGrouping<string, Checkpoint> projection in after.GroupBy(row => row.Projection))
        {
            Checkpoint[] rows = [.. projection.OrderBy(row => row.Slots.From)];
            Assert.That(rows.Select(row => row.Slots.From), Is.EqualTo(rows.Select(row => row.Slots.To).SkipLast(1).Prepend(0)), "one begins where the other ends");
            Assert.That(rows[^1].Slots.To, Is.EqualTo(SlotRange.Count));
            foreach (Checkpoint row in rows)
            {
                Assert.That(before.Where(old => old.Projection == projection.Key && old.Slots.Intersect(row.Slots) is not null).Select(old => old.Position).DefaultIfEmpty(0), Is.All.EqualTo(row.Position));
            }

            Checkpoint[] owned = [.. rows.Where(row => row.WorkerId == take.Taker.WorkerId)];
            bool has = take.Taker.Projections.Contains(projection.Key);
            Assert.That(owned.Sum(row => row.Slots.Length), Is.EqualTo(has ? take.Partition.Share.Length : 0));
            Assert.That(owned.All(row => take.Partition.Share.Contains(row.Slots) && row.GenerationId == stamp));
        }

        Assert.That(take.Taker.Projections, Is.SubsetOf(after.Select(row => row.Projection).ToArray()));
    }

    private static Gen<Take> Takes() =>
        from total in Gen.Choose(1, 4)
        from key in Gen.Choose(0, total - 1)
        from projections in Gen.SubListOf(Projections)
        from lanes in Gen.Choose(1, 3)
        from progress in Gen.NonEmptyListOf(Gen.Choose(0, 2))
        select new Take(new StaticPartition(key, total), Member([.. projections]) with { Lanes = lanes }, [.. progress]);

    private static MemberProjections Member(params string[] projections) => new(Guid.NewGuid(), [.. projections]);

    private static Checkpoint Row(string projection, int from, int to, long position, Guid? owner) => new(projection, 1, new SlotRange(from, to), position, 1, owner);

    /// <summary>Who takes what, and how far the owned rows then come.</summary>
    private sealed record Take(StaticPartition Partition, MemberProjections Taker, int[] Progress);
}
