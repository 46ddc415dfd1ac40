using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Testing.Shared;

/// <summary>Taking partitions that are set by hand, and everything that must refuse it: the same with every provider.</summary>
internal abstract class StaticPartitionContract : CoordinationContract
{
    [Test]
    public async Task TakePartitionAsync_TwoWorkers_EachOwnsItsShareUnderAStampOfItsOwn()
    {
        TestWorker first = await RegisterStaticAsync("totals");
        TestWorker second = await RegisterStaticAsync("totals");

        long lower = await first.TakeAsync(0, 2);
        long upper = await second.TakeAsync(1, 2);

        Assert.That(upper, Is.GreaterThan(lower));
        Assert.That(await LoadAsync(first, lower), Is.EqualTo(new[] { new Checkpoint("totals", 1, new SlotRange(0, 16384), 0, lower, first.Id) }));
        Assert.That(await LoadAsync(second, upper), Is.EqualTo(new[] { new Checkpoint("totals", 1, new SlotRange(16384, 32768), 0, upper, second.Id) }));
    }

    [Test]
    public async Task TakePartitionAsync_Always_ShowsOnTheRosterAndInEverybodysView()
    {
        TestWorker taker = await RegisterStaticAsync();
        TestWorker waits = await RegisterStaticAsync();
        Assert.That((await waits.ViewAsync()).HasStaticOwners, Is.False);

        long stamp = await taker.TakeAsync(0, 2);

        Assert.That((await waits.ViewAsync()).HasStaticOwners, Is.True);
        Assert.That((await waits.ViewAsync()).Active, Is.Null, "no generation of the coordinated kind");
        Roster roster = await waits.RosterAsync();
        Assert.That((roster.Active, roster.Forming), Is.EqualTo(((Generation?)null, (Generation?)null)));
        Assert.That(roster.Workers.Select(worker => (worker.Id, worker.IsStatic, worker.AcknowledgedGeneration)), Is.EquivalentTo(new[] { (taker.Id, true, stamp), (waits.Id, true, 0L) }));
    }

    [Test]
    public async Task TakePartitionAsync_SameKey_IsRefusedByName()
    {
        TestWorker first = await RegisterStaticAsync();
        TestWorker second = await RegisterStaticAsync();
        long stamp = await first.TakeAsync(0, 2);

        string refusal = await second.RefusalAsync(0, 2);

        Assert.That(refusal, Does.Contain($"{first.Id}").And.Contain("process 42 on host").And.Contain("PartitionKey"));
        Assert.That(await LoadAsync(first, stamp), Has.Length.EqualTo(1), "nothing has changed");
        await second.TakeAsync(1, 2);
    }

    [Test]
    public async Task TakePartitionAsync_OtherTotal_IsRefusedUntilTheOthersHaveLeft()
    {
        TestWorker old = await RegisterStaticAsync();
        TestWorker renewed = await RegisterStaticAsync();
        await old.TakeAsync(0, 2);

        Assert.That(await renewed.RefusalAsync(2, 3), Does.Contain($"{old.Id}").And.Contain("partition 0 of 2").And.Contain("TotalPartitions"));

        await old.Session.LeaveAsync(CancellationToken.None);
        await renewed.TakeAsync(2, 3);
    }

    [Test]
    public async Task TakePartitionAsync_CoordinatedGenerationHasAMember_IsRefusedByName()
    {
        TestWorker coordinated = await RegisterAsync();
        TestWorker byHand = await RegisterStaticAsync();
        await FormAsync(coordinated);
        string forming = await byHand.RefusalAsync(0, 1);
        await RescaleAsync(coordinated);
        string active = await byHand.RefusalAsync(0, 1);

        await coordinated.Session.LeaveAsync(CancellationToken.None);
        await byHand.TakeAsync(0, 1);

        Assert.That(forming, Does.Contain($"{coordinated.Id}").And.Contain("PartitionKey"));
        Assert.That(active, Is.EqualTo(forming));
        Assert.That((await byHand.RosterAsync()).Active, Is.Null, "the generation of those who have left is over");
    }

    [Test]
    public async Task FormAsync_PartitionIsSetByHand_ReturnsNullUntilItsWorkerHasLeft()
    {
        TestWorker byHand = await RegisterStaticAsync();
        TestWorker coordinated = await RegisterAsync();
        long stamp = await byHand.TakeAsync(1, 4);
        await MoveAsync(byHand, stamp, (await LoadAsync(byHand, stamp)).Single(), 9);

        long? beside = await coordinated.Session.FormAsync(new FormGeneration(null, null, [coordinated.Id], "test"), CancellationToken.None);
        await byHand.Session.LeaveAsync(CancellationToken.None);
        long generation = await RescaleAsync(coordinated);

        Assert.That(beside, Is.Null);
        Assert.That((await LoadAsync(coordinated, generation)).Select(row => (row.Slots, row.Position)), Is.EqualTo(new[]
        {
            (new SlotRange(0, 8192), 0L), (new SlotRange(8192, 16384), 9L), (new SlotRange(16384, 32768), 0L),
        }));
        Assert.That(await LoadAsync(byHand, stamp), Is.Empty);
    }

    [Test]
    public async Task TakePartitionAsync_TotalHasChanged_EverySlotKeepsItsPosition()
    {
        TestWorker[] two = [await RegisterStaticAsync(), await RegisterStaticAsync()];
        for (int key = 0; key < 2; key++)
        {
            long stamp = await two[key].TakeAsync(key, 2);
            await MoveAsync(two[key], stamp, (await LoadAsync(two[key], stamp)).Single(), 10 * (key + 1));
            await two[key].Session.LeaveAsync(CancellationToken.None);
        }

        TestWorker middle = await RegisterStaticAsync();
        long taken = await middle.TakeAsync(1, 3);
        TestWorker last = await RegisterStaticAsync();
        long later = await last.TakeAsync(2, 3);

        Assert.That((await LoadAsync(middle, taken)).Select(row => (row.Slots, row.Position)), Is.EqualTo(new[] { (new SlotRange(10922, 16384), 10L), (new SlotRange(16384, 21845), 20L) }));
        Assert.That((await LoadAsync(last, later)).Select(row => (row.Slots, row.Position)), Is.EqualTo(new[] { (new SlotRange(21845, 32768), 20L) }));
    }

    [Test]
    public async Task TakePartitionAsync_WorkerWasRemoved_ItsOldStampCommitsNothing()
    {
        TestWorker frozen = await RegisterStaticAsync();
        TestWorker heir = await RegisterStaticAsync();
        long old = await frozen.TakeAsync(0, 1);
        Checkpoint row = (await LoadAsync(frozen, old)).Single();
        long observed = (await heir.RowAsync(frozen.Id))!.HeartbeatSequence;
        await heir.Session.RemoveAsync([new WorkerRemoval(frozen.Id, RemovalReason.Stale, observed)], CancellationToken.None);

        long stamp = await heir.TakeAsync(0, 1);

        Assert.That(await BeginAsync(frozen, old, row), Is.Null);
        await MoveAsync(heir, stamp, (await LoadAsync(heir, stamp)).Single(), 5);
    }

    [Test]
    public async Task TakePartitionAsync_OffTheRoster_TakesNothing()
    {
        TestWorker left = await RegisterStaticAsync();
        TestWorker other = await RegisterStaticAsync();
        await left.Session.LeaveAsync(CancellationToken.None);

        Assert.That(await left.TryTakeAsync(0, 1), Is.Null);
        Assert.That((await other.ViewAsync()).HasStaticOwners, Is.False);
    }

    [Test]
    public async Task TakePartitionAsync_OpenBatchOfWhoHasLeft_CommitsNothingBehindTheTake()
    {
        TestWorker before = await RegisterStaticAsync();
        TestWorker after = await RegisterStaticAsync();
        long old = await before.TakeAsync(0, 1);
        await using IFencedBatch batch = (await BeginAsync(before, old, (await LoadAsync(before, old)).Single()))!;
        await before.Session.LeaveAsync(CancellationToken.None);

        // The batch holds the row's lock. Whether it is ended at once or only at the next try is the provider's.
        long stamp = await after.TryTakeAsync(0, 1) is PartitionTake.Taken taken ? taken.GenerationId : await after.TakeAsync(0, 1);

        Assert.That(async () => await batch.CommitAsync(5), Throws.Exception);
        Assert.That((await LoadAsync(after, stamp)).Single().Position, Is.Zero);
    }

    [Test]
    public async Task TakePartitionAsync_OpenBatchOfANeighbour_DoesNotWaitForIt()
    {
        TestWorker neighbour = await RegisterStaticAsync();
        TestWorker taker = await RegisterStaticAsync();
        long stamp = await neighbour.TakeAsync(0, 2);
        await using IFencedBatch batch = (await BeginAsync(neighbour, stamp, (await LoadAsync(neighbour, stamp)).Single()))!;

        await taker.TakeAsync(1, 2);
        await batch.CommitAsync(5);

        Assert.That((await LoadAsync(neighbour, stamp)).Single().Position, Is.EqualTo(5));
    }

    [Test]
    public async Task TakePartitionAsync_ProjectionsDiffer_WhatTheWorkerLacksIsKeptAndNamed()
    {
        TestWorker old = await RegisterStaticAsync("totals", "users");
        long before = await old.TakeAsync(0, 1);
        await MoveAsync(old, before, (await LoadAsync(old, before)).Single(row => row.Projection == "users"), 7);
        await old.Session.LeaveAsync(CancellationToken.None);
        TestWorker renewed = await RegisterStaticAsync("orders", "totals");

        var taken = (PartitionTake.Taken)(await renewed.TryTakeAsync(0, 1))!;
        ImmutableArray<Checkpoint> rows = await LoadAsync(renewed, taken.GenerationId);
        await renewed.Session.LeaveAsync(CancellationToken.None);
        TestWorker again = await RegisterStaticAsync("users");
        long after = await again.TakeAsync(0, 1);

        Assert.That(taken.Missing, Is.EqualTo(new[] { "users" }));
        Assert.That(rows.Select(row => row.Projection), Is.EqualTo(new[] { "orders", "totals" }));
        Assert.That((await LoadAsync(again, after)).Single().Position, Is.EqualTo(7));
    }

    [Test]
    public async Task TakePartitionAsync_SameKeyAtTheSameTime_ExactlyOneGetsIt()
    {
        TestWorker[] workers = [await RegisterStaticAsync(), await RegisterStaticAsync(), await RegisterStaticAsync()];

        PartitionTake?[] takes = await Task.WhenAll(workers.Select(worker => Task.Run(() => worker.TryTakeAsync(0, 2))));

        Assert.That(takes.OfType<PartitionTake.Taken>().Count(), Is.EqualTo(1));
        Assert.That(takes.OfType<PartitionTake.Refused>().Count(), Is.EqualTo(2));
    }
}
