using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Testing.Shared;

/// <summary>Loading, fencing, moving and merging checkpoints: the same with every provider.</summary>
internal abstract class CheckpointContract : CoordinationContract
{
    [Test]
    public async Task LoadAsync_OtherStamp_ReturnsNothing()
    {
        TestWorker worker = await RegisterAsync();
        TestWorker other = await RegisterAsync();
        long generation = await RescaleAsync(worker);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await LoadAsync(worker, generation), Has.Length.EqualTo(1));
            Assert.That(await LoadAsync(other, generation), Is.Empty, "another worker");
            Assert.That(await LoadAsync(worker, generation - 1), Is.Empty, "another generation");
            Assert.That(await LoadAsync(worker with { Id = Guid.NewGuid() }, generation), Is.Empty, "nobody");
        }
    }

    [Test]
    public async Task LoadAsync_SeveralProjections_OrdersByName()
    {
        TestWorker worker = await RegisterAsync("b", "A", "a", "ä");
        long generation = await RescaleAsync(worker);

        Assert.That((await LoadAsync(worker, generation)).Select(row => row.Projection), Is.EqualTo(new[] { "A", "a", "b", "ä" }));
    }

    [Test]
    public async Task ReadProgressAsync_RowsAtDifferentPositions_IsWhereTheLastOneStands()
    {
        TestWorker first = await RegisterAsync("a", "b");
        TestWorker second = await RegisterAsync("a");
        Assert.That(await Checkpoints.ReadProgressAsync(ReplicaSet, CancellationToken.None), Is.Empty, "nothing yet");
        long generation = await RescaleAsync(first, second);
        await MoveAsync(first, generation, (await LoadAsync(first, generation)).Single(row => row.Projection == "a"), 5);
        await MoveAsync(first, generation, (await LoadAsync(first, generation)).Single(row => row.Projection == "b"), 7);
        await MoveAsync(second, generation, (await LoadAsync(second, generation)).Single(), 3);

        Assert.That(
            await Checkpoints.ReadProgressAsync(ReplicaSet, CancellationToken.None),
            Is.EqualTo(new[] { new ProjectionProgress("a", 3), new ProjectionProgress("b", 7) }));
    }

    [Test]
    public async Task CommitAsync_Owner_MovesTheCheckpoint()
    {
        TestWorker worker = await RegisterAsync();
        long generation = await RescaleAsync(worker);
        Checkpoint row = (await LoadAsync(worker, generation)).Single();

        await MoveAsync(worker, generation, row, 5);
        await MoveAsync(worker, generation, row, 9);

        Assert.That((await LoadAsync(worker, generation)).Single(), Is.EqualTo(row with { Position = 9 }));
    }

    [Test]
    public async Task BeginAsync_RowFromMemoryIsOld_BringsTheRowAsItIs()
    {
        TestWorker worker = await RegisterAsync();
        long generation = await RescaleAsync(worker);
        Checkpoint old = (await LoadAsync(worker, generation)).Single();
        await MoveAsync(worker, generation, old, 5);

        await using IFencedBatch? batch = await BeginAsync(worker, generation, old with { Slots = new SlotRange(0, 17), Position = 3 });

        Assert.That(batch!.Checkpoint, Is.EqualTo(old with { Position = 5 }));
    }

    [Test]
    public async Task BeginAsync_Context_TellsWhoRuns()
    {
        TestWorker worker = await RegisterAsync();
        long generation = await RescaleAsync(worker);

        await using IFencedBatch? batch = await BeginAsync(worker, generation, (await LoadAsync(worker, generation)).Single());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(batch!.Context.Projection, Is.EqualTo("totals"));
            Assert.That(batch.Context.ReplicaSet, Is.EqualTo(ReplicaSet));
            Assert.That(batch.Context.WorkerId, Is.EqualTo(worker.Id));
            Assert.That(batch.Context.GenerationId, Is.EqualTo(generation));
            Assert.That(batch.Context.Services, Is.SameAs(EmptyServices.Instance));
        }
    }

    [Test]
    public async Task BeginAsync_NotTheOwner_ReturnsNull()
    {
        TestWorker worker = await RegisterAsync();
        TestWorker other = await RegisterAsync();
        long generation = await RescaleAsync(worker);
        Checkpoint row = (await LoadAsync(worker, generation)).Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await BeginAsync(other, generation, row), Is.Null, "another worker");
            Assert.That(await BeginAsync(worker, generation - 1, row), Is.Null, "another generation");
            Assert.That(await BeginAsync(worker, generation, row with { Projection = "others" }), Is.Null, "another projection");
            Assert.That(await BeginAsync(worker, generation, row with { Version = 2 }), Is.Null, "another version");
            Assert.That(await BeginAsync(worker, generation, row with { Slots = new SlotRange(1, 2) }), Is.Null, "other slots");
        }
    }

    [Test]
    public async Task BeginAsync_Superseded_ReturnsNull()
    {
        TestWorker worker = await RegisterAsync();
        long older = await RescaleAsync(worker);
        Checkpoint row = (await LoadAsync(worker, older)).Single();

        long newer = await RescaleAsync(worker);

        Assert.That(await BeginAsync(worker, older, row), Is.Null);
        await MoveAsync(worker, newer, row, 1);
    }

    [Test]
    public async Task DisposeAsync_WithoutCommit_LeavesTheCheckpoint()
    {
        TestWorker worker = await RegisterAsync();
        long generation = await RescaleAsync(worker);
        Checkpoint row = (await LoadAsync(worker, generation)).Single();
        bool ran = false;

        await using (IFencedBatch? batch = await BeginAsync(worker, generation, row))
        {
            batch!.Context.OnCommitted(() => ran = true);
        }

        Assert.That((await LoadAsync(worker, generation)).Single(), Is.EqualTo(row));
        Assert.That(ran, Is.False);
        await MoveAsync(worker, generation, row, 1);
    }

    [Test]
    public async Task CommitAsync_WithActions_RunsThemAfterwardsInOrder()
    {
        TestWorker worker = await RegisterAsync();
        long generation = await RescaleAsync(worker);
        Checkpoint row = (await LoadAsync(worker, generation)).Single();
        var ran = new List<int>();
        await using IFencedBatch? batch = await BeginAsync(worker, generation, row);
        batch!.Context.OnCommitted(() => ran.Add(1));
        batch.Context.OnCommitted(() => ran.Add(2));
        Assert.That(ran, Is.Empty, "not before the commit");

        await batch.CommitAsync(5);

        Assert.That(ran, Is.EqualTo(new[] { 1, 2 }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task DisposeAsync_WithActionsForTheEnd_RunsEachOnce(bool committed)
    {
        TestWorker worker = await RegisterAsync();
        long generation = await RescaleAsync(worker);
        Checkpoint row = (await LoadAsync(worker, generation)).Single();
        var ran = new List<int>();
        IFencedBatch batch = (await BeginAsync(worker, generation, row))!;
        batch.Context.OnEnded(() => ran.Add(1));
        batch.Context.OnEnded(() => ran.Add(2));
        if (committed)
        {
            await batch.CommitAsync(5);
        }

        Assert.That(ran, Is.Empty, "not before the end");
        await batch.DisposeAsync();
        await batch.DisposeAsync();

        Assert.That(ran, Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public async Task CommitAsync_NotForward_Throws()
    {
        TestWorker worker = await RegisterAsync();
        long generation = await RescaleAsync(worker);
        Checkpoint row = (await LoadAsync(worker, generation)).Single();
        await MoveAsync(worker, generation, row, 5);

        await using IFencedBatch? batch = await BeginAsync(worker, generation, row);

        Assert.That(async () => await batch!.CommitAsync(5), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task BeginAsync_RowInUse_WaitsForTheOtherBatch()
    {
        TestWorker worker = await RegisterAsync();
        long generation = await RescaleAsync(worker);
        Checkpoint row = (await LoadAsync(worker, generation)).Single();
        IFencedBatch first = (await BeginAsync(worker, generation, row))!;
        Task<IFencedBatch?> second = Task.Run(() => BeginAsync(worker, generation, row));

        await first.CommitAsync(5);
        await first.DisposeAsync();

        await using IFencedBatch? begun = await second;
        Assert.That(begun!.Checkpoint.Position, Is.EqualTo(5));
    }

    [Test]
    public async Task MergeAsync_NeighboursAtTheSamePosition_BecomeOneRow()
    {
        (TestWorker owner, long generation, Checkpoint lower, Checkpoint upper) = await SplitAsync(10, 20);
        await MoveAsync(owner, generation, lower, 20);

        Checkpoint? merged = await Checkpoints.MergeAsync(FenceOf(owner), lower, upper, CancellationToken.None);

        Assert.That(merged, Is.EqualTo(new Checkpoint("totals", 1, SlotRange.All, 20, generation, owner.Id)));
        Assert.That((await LoadAsync(owner, generation)).Single(), Is.EqualTo(merged));
        Assert.That(await BeginAsync(owner, generation, upper), Is.Null, "the upper row is gone");
    }

    [Test]
    public async Task MergeAsync_DifferentPositions_ReturnsNull()
    {
        (TestWorker owner, long generation, Checkpoint lower, Checkpoint upper) = await SplitAsync(10, 20);

        Checkpoint? merged = await Checkpoints.MergeAsync(FenceOf(owner), lower with { Position = 20 }, upper, CancellationToken.None);

        Assert.That(merged, Is.Null);
        Assert.That(await LoadAsync(owner, generation), Is.EqualTo(new[] { lower, upper }));
    }

    [Test]
    public async Task MergeAsync_Superseded_ReturnsNull()
    {
        (TestWorker owner, long generation, Checkpoint lower, Checkpoint upper) = await SplitAsync(10, 20);
        await MoveAsync(owner, generation, lower, 20);
        TestWorker second = await RegisterAsync();
        await RescaleAsync(owner, second);

        Assert.That(await Checkpoints.MergeAsync(FenceOf(owner), lower, upper, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task MergeAsync_NotNeighbours_ReturnsNull()
    {
        TestWorker a = await RegisterAsync();
        TestWorker b = await RegisterAsync();
        TestWorker c = await RegisterAsync();
        long three = await RescaleAsync(a, b, c);
        await MoveAsync(b, three, (await LoadAsync(b, three)).Single(), 10);
        long one = await RescaleAsync(a);
        ImmutableArray<Checkpoint> rows = await LoadAsync(a, one);
        Assert.That(rows.Select(row => row.Position), Is.EqualTo(new[] { 0L, 10L, 0L }));

        Assert.That(await Checkpoints.MergeAsync(FenceOf(a), rows[0], rows[2], CancellationToken.None), Is.Null);
    }

    // One worker with two neighbouring rows at different positions, as after a rescale from two to one.
    private async Task<(TestWorker Owner, long Generation, Checkpoint Lower, Checkpoint Upper)> SplitAsync(long lower, long upper)
    {
        TestWorker first = await RegisterAsync();
        TestWorker second = await RegisterAsync();
        long two = await RescaleAsync(first, second);
        await MoveAsync(first, two, (await LoadAsync(first, two)).Single(), lower);
        await MoveAsync(second, two, (await LoadAsync(second, two)).Single(), upper);
        await second.Session.LeaveAsync(CancellationToken.None);
        long one = await RescaleAsync(first);
        ImmutableArray<Checkpoint> rows = await LoadAsync(first, one);
        Assert.That(rows.Select(row => row.Position), Is.EqualTo(new[] { lower, upper }));
        return (first, one, rows[0], rows[1]);
    }
}
