using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;

namespace Orchestrator.Testing.Shared;

/// <summary>Generations of the strategy Rolling, which take over row by row: the same with every provider.</summary>
internal abstract class RollingContract : CoordinationContract
{
    private static readonly SlotRange s_lower = new(0, 16_384);
    private static readonly SlotRange s_upper = new(16_384, 32_768);

    [Test]
    public async Task ActivateAsync_FirstGeneration_TakesRowsOverWithoutAnyAcknowledgementAndIsActiveBehindThat()
    {
        TestWorker worker = await RegisterAsync("a", "b");
        long generation = await FormAsync(RebalanceStrategy.Rolling, worker);
        Assert.That((await worker.ViewAsync()).Forming, Is.EqualTo(new GenerationView(generation, 1, 0) { Strategy = RebalanceStrategy.Rolling }));
        Assert.That((await worker.RosterAsync()).Forming!.Strategy, Is.EqualTo(RebalanceStrategy.Rolling));

        Activation? first = await StepAsync(worker, generation);
        MembershipView between = await worker.ViewAsync();
        Activation? second = await StepAsync(worker, generation);

        Assert.That(first!.Moved, Is.EqualTo(2));
        Assert.That((between.Active, between.Forming?.Id), Is.EqualTo(((GenerationView?)null, (long?)generation)));
        Assert.That(second!.Moved, Is.Null);
        Assert.That((await worker.ViewAsync()).Active!.Id, Is.EqualTo(generation));
        Assert.That((await worker.RowAsync(worker.Id))!.AcknowledgedGeneration, Is.EqualTo(generation));
        Assert.That((await LoadAsync(worker)).Select(row => (row.Projection, row.Slots)), Is.EqualTo(new[] { ("a", SlotRange.All), ("b", SlotRange.All) }));
    }

    [Test]
    public async Task ActivateAsync_AJoiner_GetsTheEndOfARowWhoseOwnerRunsOnUnderItsStamp()
    {
        (TestWorker first, Checkpoint row) = await OneAsync();
        await MoveAsync(first, row.GenerationId, row, 5);
        TestWorker second = await RegisterAsync();

        long generation = await RollAsync(first, second);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await LoadAsync(first), Is.EqualTo(new[] { row with { Slots = s_lower, Position = 5 } }));
            Assert.That(await LoadAsync(second), Is.EqualTo(new[] { new Checkpoint("totals", 1, s_upper, 5, generation, second.Id) }));
            Assert.That(await BeginAsync(first, row.GenerationId, row with { Slots = s_upper }), Is.Null, "what went is fenced");
        }

        await using IFencedBatch batch = (await BeginAsync(first, row.GenerationId, row))!;
        Assert.That(batch.Checkpoint, Is.EqualTo(row with { Slots = s_lower, Position = 5 }), "the row as it is, not as it was known");
    }

    [Test]
    public async Task ActivateAsync_AMemberHasLeft_RowsOfTheOthersAreNeitherLockedNorStampedAnew()
    {
        (TestWorker first, TestWorker second, TestWorker third) = (await RegisterAsync(), await RegisterAsync(), await RegisterAsync());
        await RollAsync(first, second, third);
        Checkpoint kept = (await LoadAsync(first)).Single();
        await using IFencedBatch running = (await BeginAsync(first, kept.GenerationId, kept))!;
        await third.Session.LeaveAsync(CancellationToken.None);

        long generation = await RollAsync(first, second);
        await running.CommitAsync(7);

        ImmutableArray<Checkpoint> rows = await LoadAsync(first);
        Assert.That(rows, Does.Contain(kept with { Position = 7 }));
        Assert.That(rows.Length + (await LoadAsync(second)).Length, Is.GreaterThan(2), "and somebody has what the third had");
        Assert.That(rows.Concat(await LoadAsync(second)).Sum(row => row.Slots.Length), Is.EqualTo(SlotRange.Count));
        Assert.That(rows.Concat(await LoadAsync(second)).Select(row => row.GenerationId).Distinct(), Is.EquivalentTo(new[] { kept.GenerationId, generation }));
    }

    [Test]
    public async Task ActivateAsync_ABatchIsOpen_OtherRowsDoNotWaitForItAndItCounts()
    {
        TestWorker first = await RegisterAsync("a", "b");
        await RollAsync(first);
        Checkpoint busy = (await LoadAsync(first)).Single(row => row.Projection == "a");
        await using IFencedBatch batch = (await BeginAsync(first, busy.GenerationId, busy))!;
        TestWorker second = await RegisterAsync("a", "b");
        long generation = await FormAsync(RebalanceStrategy.Rolling, first, second);

        Activation? free = await StepAsync(second, generation);
        Activation? waiting = await StepAsync(second, generation);
        Assert.That(free!.Moved, Is.EqualTo(1), "b");
        Assert.That(waiting, Is.Null, "the barrier");
        Assert.That((await LoadAsync(second)).Select(row => row.Projection), Is.EqualTo(new[] { "b" }));

        await batch.CommitAsync(9);
        await FinishAsync(second, generation);

        Assert.That((await LoadAsync(second)).Single(row => row.Projection == "a").Position, Is.EqualTo(9));
    }

    [Test]
    public async Task ActivateAsync_AMemberIsNotRegisteredAnyMore_TakesNothingOver()
    {
        TestWorker first = await RegisterAsync();
        TestWorker left = await RegisterAsync();
        long generation = await FormAsync(RebalanceStrategy.Rolling, first, left);
        await left.Session.LeaveAsync(CancellationToken.None);

        Assert.That(await StepAsync(first, generation), Is.Null);
        Assert.That(await LoadAsync(first), Is.Empty);
    }

    [Test]
    public async Task ActivateAsync_GivenUpHalfwayForAnother_RowsTakenOverStayUntilTheNextTakesThem()
    {
        TestWorker first = await RegisterAsync("a", "b");
        await RollAsync(first);
        Checkpoint busy = (await LoadAsync(first)).Single(row => row.Projection == "a");
        IFencedBatch batch = (await BeginAsync(first, busy.GenerationId, busy))!;
        TestWorker second = await RegisterAsync("a", "b");
        long given = await FormAsync(RebalanceStrategy.Rolling, first, second);
        await StepAsync(first, given);
        Checkpoint taken = (await LoadAsync(second)).Single();
        await batch.CommitAsync(3);
        await batch.DisposeAsync();

        long next = await FormAsync(RebalanceStrategy.Rolling, first, second);
        Assert.That(await BeginAndGiveUpAsync(second, taken), Is.True, "the stamp of a generation that never became active");
        await FinishAsync(first, next);

        Assert.That((await LoadAsync(second)).Select(row => (row.Projection, row.GenerationId)), Is.EqualTo(new[] { ("a", next), ("b", given) }));
    }

    [Test]
    public async Task ActivateAsync_RecreateBehindRolling_GivesEveryRowOneStamp()
    {
        (TestWorker first, _) = await OneAsync();
        TestWorker second = await RegisterAsync();
        await RollAsync(first, second);
        TestWorker third = await RegisterAsync();
        await RollAsync(first, second, third);

        long generation = await RescaleAsync(first, second, third);

        foreach ((TestWorker worker, int partition) in new[] { first, second, third }.Select((worker, index) => (worker, index)))
        {
            ImmutableArray<Checkpoint> rows = await LoadAsync(worker);
            Assert.That(rows.Select(row => row.GenerationId), Is.All.EqualTo(generation));
            Assert.That(SlotSet.Of(rows.Select(row => row.Slots)).Hull, Is.EqualTo(SlotRange.OfPartition(partition, 3)));
        }
    }

    [Test]
    public async Task MergeAsync_NeighboursOfDifferentStamps_BecomeOneRowUnderTheLowerOnes()
    {
        TestWorker first = await RegisterAsync();
        TestWorker second = await RegisterAsync();
        long older = await RollAsync(first, second);
        await second.Session.LeaveAsync(CancellationToken.None);
        await RollAsync(first);
        ImmutableArray<Checkpoint> rows = await LoadAsync(first);
        Assert.That(rows.Select(row => row.Slots), Is.EqualTo(new[] { s_lower, s_upper }));

        Checkpoint? merged = await Checkpoints.MergeAsync(FenceOf(first), rows[0], rows[1], CancellationToken.None);

        Assert.That(merged, Is.EqualTo(new Checkpoint("totals", 1, SlotRange.All, 0, older, first.Id)));
        Assert.That(await LoadAsync(first), Is.EqualTo(new[] { merged }));
    }

    private async Task<(TestWorker Worker, Checkpoint Row)> OneAsync()
    {
        TestWorker worker = await RegisterAsync();
        await RollAsync(worker);
        return (worker, (await LoadAsync(worker)).Single());
    }

    private async Task<bool> BeginAndGiveUpAsync(TestWorker worker, Checkpoint row)
    {
        await using IFencedBatch? batch = await BeginAsync(worker, row.GenerationId, row);
        return batch is not null;
    }

    private async Task<ImmutableArray<Checkpoint>> LoadAsync(TestWorker worker) => await Checkpoints.LoadAsync(FenceOf(worker), CancellationToken.None);

    private static async Task<long> RollAsync(params TestWorker[] workers)
    {
        long generation = await FormAsync(RebalanceStrategy.Rolling, workers);
        await FinishAsync(workers[0], generation);
        return generation;
    }

    private static Task<Activation?> StepAsync(TestWorker worker, long generation) => worker.Session.ActivateAsync(new ActivateGeneration(generation, []), CancellationToken.None);

    // Each step that is not the last takes something over.
    private static async Task FinishAsync(TestWorker worker, long generation)
    {
        Activation? step;
        do
        {
            step = await StepAsync(worker, generation);
            Assert.That(step, Is.Not.Null.And.Property(nameof(Activation.Moved)).Not.Zero);
        }
        while (step!.Moved is not null);
    }
}
