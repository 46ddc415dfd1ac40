using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Processing;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Processing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ProjectionRunnerTests : IAsyncDisposable
{
    private readonly ProcessingBench _bench = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly List<Task> _runs = [];

    public async ValueTask DisposeAsync()
    {
        await _drain.CancelAsync();
        await Task.WhenAll(_runs).Soon().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _bench.DisposeAsync();
        _drain.Dispose();
        _abort.Dispose();
    }

    [Test]
    public async Task RunAsync_EventsBeforeAndBehindTheStart_AppliesEachOnceInOrder()
    {
        await StartAsync(ProcessingBench.Define(batchSize: 7), events: 30, 0);
        await PositionsAsync(30);
        await _bench.AppendAsync(10);
        await PositionsAsync(40);

        Assert.That(_bench.Script.Applied(), Is.EqualTo(Enumerable.Range(1, 40)));
    }

    [Test]
    public async Task RunAsync_HandlerFails_RetriesWithHalfTheBatchAndGrowsBehindIt()
    {
        int failures = 2;
        _bench.Script.OnEvent = (_, _, _) => failures-- > 0 ? throw new FormatException() : ValueTask.CompletedTask;
        await StartAsync(ProcessingBench.Define(type: typeof(ScriptedBatchProjection), batchSize: 8), events: 20, 0);
        await PositionsAsync(20);

        Assert.That(_bench.Script.BatchSizes, Is.EqualTo(new[] { 8, 4, 2, 4, 8, 6 }));
        Assert.That(_bench.Script.Applied(), Is.EqualTo(Enumerable.Range(1, 20)));
        Assert.That(_bench.Loggers.With(2003), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task RunAsync_EventThatAlwaysFails_StopsThatRowWhileOtherRowsAndProjectionsRunOn()
    {
        // Two rows, one for each half of the slots; the lower one meets the failing event before it could reach the other.
        await _bench.AppendAsync(20);
        await _bench.OwnAsync(["bad", "good"], 0, 10);
        long poison = _bench.Database.Events.First(e => InMemoryDatabase.SlotOf(e.AggregateId) < SlotRange.Count / 2).GlobalPosition;
        _bench.Script.OnEvent = (e, context, _) => context.Projection == "bad" && e.GlobalPosition == poison ? throw new FormatException() : ValueTask.CompletedTask;
        _ = Run(ProcessingBench.Define("bad", batchSize: 1));
        _ = Run(ProcessingBench.Define("good", batchSize: 1));
        await Eventually.HoldsAsync(() => Task.FromResult(_bench.Loggers.With(2004).Count > 0));
        await _bench.AppendAsync(5);
        await Eventually.HoldsAsync(async () => (await _bench.RowsAsync("bad"))[^1].Position == 25 && (await _bench.RowsAsync("good")).All(row => row.Position == 25));

        LogEntry stopped = _bench.Loggers.With(2004).Single();
        Assert.That(stopped.Level, Is.EqualTo(LogLevel.Error));
        Assert.That(stopped.Message, Does.Contain("bad").And.Contain("attempts: 3"));
        Assert.That((await _bench.RowsAsync("bad"))[0].Position, Is.LessThan(poison));
        Assert.That(_bench.Script.Applied("bad"), Does.Not.Contain(poison));
    }

    [Test]
    public async Task RunAsync_OneRowHasStopped_TheOthersWaitForEventsAndDoNotPoll()
    {
        await _bench.AppendAsync(20);
        await _bench.OwnAsync(["totals"], 0, 10);
        long poison = _bench.Database.Events.First(e => InMemoryDatabase.SlotOf(e.AggregateId) < SlotRange.Count / 2).GlobalPosition;
        _bench.Script.OnEvent = (e, _, _) => e.GlobalPosition == poison ? throw new FormatException() : ValueTask.CompletedTask;
        _ = Run(ProcessingBench.Define(batchSize: 1));
        await Eventually.HoldsAsync(async () => _bench.Loggers.With(2004).Count > 0 && (await _bench.RowsAsync())[^1].Position == 20);
        int before = _bench.Log.Waits;

        await Eventually.HoldsAsync(() => Task.FromResult(_bench.Log.Waits > before + 1));
    }

    [Test]
    public async Task RunAsync_EveryRowHasStopped_WaitsForTheDrain()
    {
        _bench.Script.OnEvent = (_, _, _) => throw new FormatException();
        Task run = await StartAsync(ProcessingBench.Define(), events: 3, 0);
        await Eventually.HoldsAsync(() => Task.FromResult(_bench.Loggers.With(2004).Count == 1));
        Assert.That(run.IsCompleted, Is.False);
        await _drain.CancelAsync();
        await run.Soon();

        Assert.That(_bench.Loggers.With(2004).Single().Message, Does.Contain("position 1 "));
    }

    [Test]
    public async Task RunAsync_DatabaseAway_TriesAgainAndDoesNotBlameTheHandler()
    {
        int failures = 3;
        _bench.Checkpoints.BeforeBegin = () => Fail(ref failures);
        await StartAsync(ProcessingBench.Define(maxAttempts: 1), events: 5, 0);
        await PositionsAsync(5);

        Assert.That(_bench.Loggers.With(2005), Has.Count.EqualTo(3));
        Assert.That(_bench.Script.Applied(), Is.EqualTo(Enumerable.Range(1, 5)));
    }

    [Test]
    public async Task RunAsync_CommitsReplyIsLost_AppliesEachOnce()
    {
        int failures = 2;
        _bench.Checkpoints.AfterCommit = () => Fail(ref failures);
        await StartAsync(ProcessingBench.Define(batchSize: 3), events: 10, 0);
        await PositionsAsync(10);

        Assert.That(_bench.Script.Applied(), Is.EqualTo(Enumerable.Range(1, 10)));
    }

    [Test]
    public async Task RunAsync_Drained_FinishesTheBatchInHandAndStartsNoOther()
    {
        var begun = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        _bench.Script.OnEvent = async (_, _, _) =>
        {
            begun.TrySetResult();
            await goOn.Task;
        };
        Task run = await StartAsync(ProcessingBench.Define(batchSize: 4), events: 12, 0);
        await begun.Task.Soon();
        await _drain.CancelAsync();
        Assert.That(run.IsCompleted, Is.False);
        goOn.SetResult();
        await run.Soon();

        Assert.That(_bench.Script.Applied(), Is.EqualTo(new[] { 1, 2, 3, 4 }));
        Assert.That((await _bench.RowsAsync()).Single().Position, Is.EqualTo(4));
        Assert.That(_bench.Checkpoints.Begun, Is.EqualTo(1));
    }

    [Test]
    public async Task RunAsync_DrainedWhileWaiting_EndsAtOnce()
    {
        Task run = await StartAsync(ProcessingBench.Define(), events: 1, 0);
        await PositionsAsync(1);
        await _drain.CancelAsync();
        await run.Soon();

        Assert.That(_bench.Loggers.With(2002), Is.Empty, "drained, not superseded");
    }

    [Test]
    public async Task RunAsync_Aborted_RollsBackTheBatchInHand()
    {
        var begun = new TaskCompletionSource();
        _bench.Script.OnEvent = async (e, _, token) =>
        {
            if (e.GlobalPosition == 2)
            {
                begun.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            }
        };
        Task run = await StartAsync(ProcessingBench.Define(), events: 3, 0);
        await begun.Task.Soon();
        await _abort.CancelAsync();

        Assert.That(async () => await run.Soon(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await _bench.RowsAsync()).Single().Position, Is.Zero);
        Assert.That(_bench.Script.Applied(), Is.Empty);
    }

    [Test]
    public async Task RunAsync_Superseded_SaysSoAndWaitsForOtherRows()
    {
        Task run = await StartAsync(ProcessingBench.Define(), events: 3, 0);
        await PositionsAsync(3);
        await _bench.SupersedeAsync();
        await _bench.AppendAsync(1);
        await Eventually.HoldsAsync(() => Task.FromResult(_bench.Loggers.With(2002).Count == 1));
        Assert.That(_bench.Script.Applied(), Is.EqualTo(new[] { 1, 2, 3 }));

        _bench.Share.Publish(await _bench.TakeBackAsync());
        await Eventually.HoldsAsync(() => Task.FromResult(_bench.Script.Applied().Count == 4));
        await _drain.CancelAsync();
        await run.Soon();

        Assert.That(_bench.Script.Applied(), Is.EqualTo(new[] { 1, 2, 3, 4 }));
    }

    [Test]
    public async Task RunAsync_RowsAtDifferentPositions_MeetAndBecomeOneAndEachEventIsAppliedOnce()
    {
        await _bench.AppendAsync(40);
        IReadOnlyList<Checkpoint> rows = await _bench.OwnAsync(["totals"], 5, 21, 13);
        long[] expected = [.. _bench.Database.Events
            .Where(e => rows.Single(row => row.Slots.Contains(InMemoryDatabase.SlotOf(e.AggregateId))).Position < e.GlobalPosition)
            .Select(e => e.GlobalPosition)];
        _ = Run(ProcessingBench.Define(batchSize: 4));
        await Eventually.HoldsAsync(async () => (await _bench.RowsAsync()).Length == 1 && (await _bench.RowsAsync())[0].Position == 40);

        Assert.That(rows, Has.Count.EqualTo(3));
        Assert.That((await _bench.RowsAsync()).Single().Slots, Is.EqualTo(SlotRange.All));
        Assert.That(_bench.Script.Applied().Order(), Is.EqualTo(expected));
    }

    [Test]
    public async Task RunAsync_HeartbeatsUnconfirmed_StartsNoBatchUntilOneIs()
    {
        var time = new ManualTime();
        await using var bench = new ProcessingBench(time);
        await bench.AppendAsync(3);
        await bench.OwnAsync(["totals"], 0);
        time.Advance(TimeSpan.FromMinutes(30));
        Task run = bench.RunAsync(ProcessingBench.Define(), _drain.Token);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(bench.Checkpoints.Begun, Is.Zero);
        bench.Life.Confirm(time.GetTimestamp());
        await Eventually.HoldsAsync(async () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            return (await bench.RowsAsync()).Single().Position == 3;
        });
        await _drain.CancelAsync();
        await run.Soon();

        Assert.That(bench.Script.Applied(), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public async Task RunAsync_Bug_GoesUp()
    {
        _bench.Checkpoints.BeforeBegin = () => throw new InvalidOperationException("a bug");
        Task run = await StartAsync(ProcessingBench.Define(), events: 1, 0);

        Assert.That(async () => await run.Soon(), Throws.InvalidOperationException.With.Message.EqualTo("a bug"));
    }

    private static void Fail(ref int failures)
    {
        if (failures-- > 0)
        {
            throw new InMemorySessionLostException();
        }
    }

    private async Task<Task> StartAsync(ProjectionDefinition projection, int events, params long[] positions)
    {
        await _bench.AppendAsync(events);
        await _bench.OwnAsync([projection.Name], positions);
        return Run(projection);
    }

    private Task Run(ProjectionDefinition projection)
    {
        Task run = _bench.RunAsync(projection, _drain.Token, _abort.Token);
        _runs.Add(run);
        return run;
    }

    private Task PositionsAsync(long position) => Eventually.HoldsAsync(async () => (await _bench.RowsAsync()).All(row => row.Position == position));
}
