using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Processing;
using Orchestrator.Projections;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Processing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class EffectApplierTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly ProcessingBench _bench;
    private readonly EventPage _page = TestEvents.Page(0, 5);

    public EffectApplierTests() => _bench = new ProcessingBench(_time);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Test]
    public async Task ApplyAsync_Page_RunsEachWithItsKeyAndMovesTheRow()
    {
        RowCursor cursor = await OwnAsync();

        Assert.That(await ApplyAsync(cursor));
        Assert.That(_bench.Effects.Done, Is.EqualTo(_page.Events.Select(e => (e.GlobalPosition, IdempotencyKey.Of("totals", e.EventId)))));
        Assert.That(await PositionAsync(), Is.EqualTo(5));
        Assert.That(cursor.Position, Is.EqualTo(5));
    }

    [Test]
    public async Task ApplyAsync_WhileAnEffectRuns_HoldsNoLock()
    {
        RowCursor cursor = await OwnAsync();
        bool locked = false;
        _bench.Effects.OnEvent = async (_, _) =>
        {
            Task<IFencedBatch?> other = _bench.Checkpoints.BeginAsync(_bench.Fence, cursor.Row, EmptyServices.Instance, CancellationToken.None).AsTask();
            locked = !other.IsCompleted;
            await using IFencedBatch? batch = locked ? null : await other;
        };
        await ApplyAsync(cursor);

        Assert.That(locked, Is.False);
        Assert.That(await PositionAsync(), Is.EqualTo(5));
    }

    [Test]
    public async Task ApplyAsync_OneFails_KeepsWhatSucceededAndBlamesThatEvent()
    {
        RowCursor cursor = await OwnAsync();
        _bench.Effects.OnEvent = (e, _) => e.GlobalPosition == 3 ? throw new FormatException() : ValueTask.CompletedTask;
        HandlerFailedException? thrown = await Assert.ThrowsAsync<HandlerFailedException>(async () => await ApplyAsync(cursor));

        Assert.That(thrown!.Culprit!.GlobalPosition, Is.EqualTo(3));
        Assert.That(thrown.InnerException, Is.TypeOf<FormatException>());
        Assert.That(await PositionAsync(), Is.EqualTo(2));
        Assert.That(cursor.Position, Is.EqualTo(2));
    }

    [Test]
    public async Task ApplyAsync_FirstFails_MovesNothing()
    {
        RowCursor cursor = await OwnAsync();
        _bench.Effects.OnEvent = (_, _) => throw new FormatException();

        Assert.That(async () => await ApplyAsync(cursor), Throws.TypeOf<HandlerFailedException>());
        Assert.That(await PositionAsync(), Is.Zero);
        Assert.That(_bench.Checkpoints.Begun, Is.EqualTo(1), "nothing to move");
    }

    [Test]
    public async Task ApplyAsync_SupersededMeanwhile_MovesNothing()
    {
        RowCursor cursor = await OwnAsync();
        _bench.Effects.OnEvent = async (e, _) =>
        {
            if (e.GlobalPosition == 5)
            {
                await _bench.SupersedeAsync();
            }
        };

        Assert.That(await ApplyAsync(cursor), Is.False);
        Assert.That(_bench.Database.ReplicaSet("main").InKeyOrder().Select(row => row.Value.Position), Has.All.Zero, "the next owner repeats the effects");
    }

    [Test]
    public async Task ApplyAsync_TheEndOfTheRowHasGoneToAnotherMeanwhile_MovesWhatIsLeft()
    {
        RowCursor cursor = await OwnAsync();
        _bench.Effects.OnEvent = async (e, _) =>
        {
            if (e.GlobalPosition == 5)
            {
                await _bench.ShareAsync();
            }
        };

        Assert.That(await ApplyAsync(cursor), Is.True);
        Assert.That(_bench.Database.ReplicaSet("main").InKeyOrder().Select(row => (row.Value.Slots.From, row.Value.Position)), Is.EqualTo(new[] { (0, _page.To), (16_384, 0L) }));
        Assert.That(cursor.Slots, Is.EqualTo(new SlotRange(0, 16_384)));
    }

    [Test]
    public async Task ApplyAsync_RowMovedMeanwhile_ForgetsAndGoesByTheRow()
    {
        RowCursor cursor = await OwnAsync();
        _bench.Effects.OnEvent = async (e, _) =>
        {
            if (e.GlobalPosition == 5)
            {
                await _bench.MoveAllAsync(_bench.Fence, 4);
            }
        };

        Assert.That(await ApplyAsync(cursor));
        Assert.That(await PositionAsync(), Is.EqualTo(4));
        Assert.That(cursor.Position, Is.EqualTo(4));
    }

    // Over a connection from after a server's crash, what was read before it may never have happened.
    [Test]
    public async Task ApplyAsync_ConnectionOpenedMeanwhile_MovesNothingAndWantsAYoungerPage()
    {
        RowCursor cursor = await OwnAsync();
        _bench.Effects.OnEvent = (_, _) =>
        {
            _bench.Checkpoints.ConnectionOpenedAt = 100;
            return ValueTask.CompletedTask;
        };

        Assert.That(await ApplyAsync(cursor));
        Assert.That(await PositionAsync(), Is.Zero);
        Assert.That(cursor.ReadSince, Is.EqualTo(100));
    }

    [Test]
    public async Task ApplyAsync_BatchTakesTooLong_MovesBehindWhatIsDone()
    {
        RowCursor cursor = await OwnAsync();
        _bench.Effects.OnEvent = (_, _) =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            return ValueTask.CompletedTask;
        };
        await ApplyAsync(cursor);

        Assert.That(_bench.Effects.Positions, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(await PositionAsync(), Is.EqualTo(2));
    }

    // A worker that was frozen and wakes when it has been replaced: nothing of what it does outside the database could be fenced.
    [Test]
    public async Task ApplyAsync_HeartbeatIsOverdue_BeginsNoEffect()
    {
        RowCursor cursor = await OwnAsync();
        _bench.Checkpoints.BeforeBegin = () => _time.Advance(TimeSpan.FromMinutes(31));

        Assert.That(await ApplyAsync(cursor));
        Assert.That(_bench.Effects.Done, Is.Empty);
        Assert.That(await PositionAsync(), Is.Zero);
    }

    [Test]
    public async Task ApplyAsync_SeveralEffects_AreOfOneHandler()
    {
        RowCursor cursor = await OwnAsync();
        await ApplyAsync(cursor);
        await _bench.EffectApplier().ApplyAsync(cursor, TestEvents.Page(5, 9), long.MaxValue, CancellationToken.None);

        Assert.That(_bench.Script.Instances, Is.EqualTo(2), "one a batch");
    }

    [Test]
    public async Task ApplyAsync_Aborted_StopsBeforeTheNextEffect()
    {
        RowCursor cursor = await OwnAsync();
        using var abort = new CancellationTokenSource();
        _bench.Effects.OnEvent = (e, _) => e.GlobalPosition == 2 ? new ValueTask(abort.CancelAsync()) : ValueTask.CompletedTask;

        Assert.That(async () => await _bench.EffectApplier().ApplyAsync(cursor, _page, long.MaxValue, abort.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_bench.Effects.Positions, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(await PositionAsync(), Is.Zero);
    }

    [Test]
    public async Task ApplyAsync_CheckpointCannotBeMoved_IsNotTheHandlers()
    {
        RowCursor cursor = await OwnAsync();
        _bench.Checkpoints.BeforeCommit = () => throw new InMemorySessionLostException();

        Assert.That(async () => await ApplyAsync(cursor), Throws.TypeOf<InMemorySessionLostException>());
    }

    [Test]
    public async Task ApplyAsync_SeveralAtTheSameTimeAndOneFails_MovesBehindWhatIsDoneInFrontOfIt()
    {
        RowCursor cursor = await OwnAsync();
        var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _bench.Effects.OnEvent = async (e, token) =>
        {
            if (e.GlobalPosition == 3)
            {
                third.SetResult();
                return;
            }

            await third.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, token);
            if (e.GlobalPosition == 2)
            {
                throw new FormatException();
            }
        };
        HandlerFailedException? thrown = await Assert.ThrowsAsync<HandlerFailedException>(async () => await ApplyAsync(cursor, maxConcurrency: 3));

        Assert.That(thrown!.Culprit!.GlobalPosition, Is.EqualTo(2));
        Assert.That(await PositionAsync(), Is.EqualTo(1), "the third is done, and repeated");
        Assert.That(_bench.Script.Instances, Is.GreaterThanOrEqualTo(3), "each event has a handler of its own");
    }

    [Test]
    public async Task ApplyAsync_BehindAFailure_GoesOneByOne()
    {
        RowCursor cursor = await OwnAsync();
        cursor.HandlerFailed(single: true);
        int running = 0;
        int most = 0;
        _bench.Effects.OnEvent = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
        };
        await ApplyAsync(cursor, maxConcurrency: 3);

        Assert.That(most, Is.EqualTo(1));
        Assert.That(await PositionAsync(), Is.EqualTo(5));
    }

    private async Task<RowCursor> OwnAsync() => ProcessingBench.Cursor((await _bench.OwnAsync(["totals"], 0))[0]);

    private Task<bool> ApplyAsync(RowCursor cursor, int maxConcurrency = 1) => _bench.EffectApplier(maxConcurrency).ApplyAsync(cursor, _page, long.MaxValue, CancellationToken.None);

    private async Task<long> PositionAsync() => (await _bench.RowsAsync()).Single().Position;
}
