using Orchestrator.Hosting.Processing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Processing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class BatchApplierTests : IAsyncDisposable
{
    private const long OpenedAt = 100;

    private readonly ManualTime _time = new();
    private readonly ProcessingBench _bench;

    public BatchApplierTests() => _bench = new ProcessingBench(_time);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Test]
    public async Task ApplyAsync_PageServes_AppliesAndMovesTheRow()
    {
        RowCursor cursor = await OwnAsync();

        Assert.That(await ApplyAsync(cursor, TestEvents.Page(0, 5)));
        Assert.That(_bench.Script.Applied(), Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
        Assert.That(await PositionAsync(), Is.EqualTo(5));
        Assert.That(cursor.Position, Is.EqualTo(5));
    }

    [Test]
    public async Task ApplyAsync_RowIsFurtherThanRemembered_GoesOnFromTheRow()
    {
        RowCursor cursor = await OwnAsync();
        await _bench.MoveAllAsync(_bench.Fence, 3);

        Assert.That(await ApplyAsync(cursor, TestEvents.Page(0, 5)));
        Assert.That(_bench.Script.Applied(), Is.EqualTo(new[] { 4, 5 }));
    }

    [Test]
    public async Task ApplyAsync_RowIsBehindThePage_AppliesNothingAndRemembersTheRow()
    {
        RowCursor cursor = await OwnAsync();
        await _bench.MoveAllAsync(_bench.Fence, 8);

        Assert.That(await ApplyAsync(cursor, TestEvents.Page(0, 5)), "the row is still the worker's");
        Assert.That(_bench.Script.Applied(), Is.Empty);
        Assert.That(cursor.Position, Is.EqualTo(8));
        Assert.That(await PositionAsync(), Is.EqualTo(8));
    }

    [TestCase(4)]
    [TestCase(3)]
    public async Task ApplyAsync_RowHasReachedTheLimit_NeverMovesBack(long limit)
    {
        // A commit whose reply was lost, and a neighbour that stands between where the row was and where it is.
        RowCursor cursor = await OwnAsync();
        await _bench.MoveAllAsync(_bench.Fence, 4);

        Assert.That(await _bench.Applier(ProcessingBench.Define()).ApplyAsync(cursor, TestEvents.Page(0, 9), limit, CancellationToken.None));
        Assert.That(_bench.Script.Applied(), Is.Empty);
        Assert.That(await PositionAsync(), Is.EqualTo(4));
        Assert.That(cursor.Position, Is.EqualTo(4), "the next limit goes by the row");
    }

    // After a server's crash, positions of appends that were lost are given to other events: a page from before it must not be applied over a connection from after it.
    [TestCase(OpenedAt - 1, false)]
    [TestCase(OpenedAt, true)]
    public async Task ApplyAsync_PageReadAroundTheConnectionsOpening_AppliesOnlyWhatWasReadSince(long readAt, bool applies)
    {
        RowCursor cursor = await OwnAsync();
        _bench.Checkpoints.ConnectionOpenedAt = OpenedAt;

        Assert.That(await ApplyAsync(cursor, TestEvents.Page(0, 5, readAt)));
        Assert.That(_bench.Script.Applied(), Has.Count.EqualTo(applies ? 5 : 0));
        Assert.That(await PositionAsync(), Is.EqualTo(applies ? 5 : 0));
        Assert.That(cursor.ReadSince, Is.EqualTo(applies ? 0 : OpenedAt), "the page that is asked for next is a younger one");
    }

    [Test]
    public async Task ApplyAsync_Superseded_AppliesNothing()
    {
        RowCursor cursor = await OwnAsync();
        await _bench.SupersedeAsync();

        Assert.That(await ApplyAsync(cursor, TestEvents.Page(0, 5)), Is.False);
        Assert.That(_bench.Script.Applied(), Is.Empty);
    }

    [Test]
    public async Task ApplyAsync_BatchTakesTooLong_CommitsWhatIsDone()
    {
        RowCursor cursor = await OwnAsync();
        _bench.Script.OnEvent = (_, _, _) =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(400));
            return ValueTask.CompletedTask;
        };

        await ApplyAsync(cursor, TestEvents.Page(0, 9));
        Assert.That(_bench.Script.Applied(), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(await PositionAsync(), Is.EqualTo(3));
    }

    [Test]
    public async Task ApplyAsync_HandlerFails_TakesNothingBack_BecauseNothingTookEffect()
    {
        RowCursor cursor = await OwnAsync();
        _bench.Script.OnEvent = (e, _, _) => e.GlobalPosition == 3 ? throw new FormatException() : ValueTask.CompletedTask;

        Assert.That(async () => await ApplyAsync(cursor, TestEvents.Page(0, 5)), Throws.TypeOf<HandlerFailedException>());
        Assert.That(_bench.Script.Applied(), Is.Empty);
        Assert.That(await PositionAsync(), Is.Zero);
    }

    [Test]
    public async Task ApplyAsync_CommitFails_IsTheHandlers()
    {
        RowCursor cursor = await OwnAsync();
        _bench.Checkpoints.BeforeCommit = () => throw new FormatException();

        Assert.That(async () => await ApplyAsync(cursor, TestEvents.Page(0, 5)), Throws.TypeOf<HandlerFailedException>().With.InnerException.TypeOf<FormatException>());
        Assert.That(await PositionAsync(), Is.Zero);
    }

    [Test]
    public async Task ApplyAsync_EveryAttempt_HasAHandlerOfItsOwn()
    {
        RowCursor cursor = await OwnAsync();
        await ApplyAsync(cursor, TestEvents.Page(0, 5));
        await ApplyAsync(cursor, TestEvents.Page(5, 9));

        Assert.That(_bench.Script.Instances, Is.EqualTo(2));
    }

    [Test]
    public async Task ApplyAsync_HandlerCannotBeMade_IsTheHandlers()
    {
        RowCursor cursor = await OwnAsync();
        BatchApplier applier = _bench.Applier(ProcessingBench.Define(type: typeof(string)));

        Assert.That(async () => await applier.ApplyAsync(cursor, TestEvents.Page(0, 5), long.MaxValue, CancellationToken.None), Throws.TypeOf<HandlerFailedException>());
    }

    private async Task<RowCursor> OwnAsync() => ProcessingBench.Cursor((await _bench.OwnAsync(["totals"], 0))[0]);

    private Task<bool> ApplyAsync(RowCursor cursor, EventPage page) => _bench.Applier(ProcessingBench.Define()).ApplyAsync(cursor, page, long.MaxValue, CancellationToken.None);

    private async Task<long> PositionAsync() => (await _bench.RowsAsync()).Single().Position;
}
