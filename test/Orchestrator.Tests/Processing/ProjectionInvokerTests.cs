using System.Collections.Immutable;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Processing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Processing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ProjectionInvokerTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly ProcessingBench _bench;
    private readonly PersistedEvent[] _events = [TestEvents.At(1), TestEvents.At(2), TestEvents.At(3), TestEvents.At(4)];

    public ProjectionInvokerTests() => _bench = new ProcessingBench(_time);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Test]
    public async Task InvokeAsync_Projection_HandlesEachInOrder()
    {
        List<long> handled = [];
        Do(e => handled.Add(e.GlobalPosition));

        Assert.That(await InvokeAsync(new ScriptedProjection(_bench.Script)), Is.EqualTo(4));
        Assert.That(handled, Is.EqualTo(new[] { 1, 2, 3, 4 }));
        Assert.That(_bench.Checkpoints.Given, Is.EqualTo(new[] { (1L, 1L), (2L, 2L), (3L, 3L), (4L, 4L) }), "each is to blame for its own statements");
    }

    [Test]
    public async Task InvokeAsync_BatchProjection_GetsAllAtOnce()
    {
        Assert.That(await InvokeAsync(new ScriptedBatchProjection(_bench.Script)), Is.EqualTo(4));
        Assert.That(_bench.Script.BatchSizes, Is.EqualTo(new[] { 4 }));
        Assert.That(_bench.Checkpoints.Given, Is.EqualTo(new[] { (1L, 4L) }), "none of them is to blame alone");
    }

    [Test]
    public async Task InvokeAsync_TimeIsUp_BeginsNoFurtherEvent()
    {
        Do(_ => _time.Advance(TimeSpan.FromMilliseconds(500)));
        Assert.That(await InvokeAsync(new ScriptedProjection(_bench.Script)), Is.EqualTo(2));
    }

    [Test]
    public async Task InvokeAsync_FirstEventTakesTooLong_IsHandledAllTheSame()
    {
        Do(_ => _time.Advance(TimeSpan.FromMinutes(5)));
        Assert.That(await InvokeAsync(new ScriptedProjection(_bench.Script)), Is.EqualTo(1));
    }

    [Test]
    public void InvokeAsync_HandlerThrows_IsMarkedAsTheHandlers()
    {
        Do(_ => throw new FormatException());
        Assert.That(async () => await InvokeAsync(new ScriptedProjection(_bench.Script)), Throws.TypeOf<HandlerFailedException>().With.InnerException.TypeOf<FormatException>());
    }

    [Test]
    public void InvokeAsync_BatchHandlerThrows_IsMarkedAsTheHandlers()
    {
        Do(_ => throw new FormatException());
        Assert.That(async () => await InvokeAsync(new ScriptedBatchProjection(_bench.Script)), Throws.TypeOf<HandlerFailedException>().With.InnerException.TypeOf<FormatException>());
    }

    [Test]
    public void InvokeAsync_HandlersOwnTimeOut_IsAFailureAndNoCancellation()
    {
        Do(_ => throw new TaskCanceledException());
        Assert.That(async () => await InvokeAsync(new ScriptedProjection(_bench.Script)), Throws.TypeOf<HandlerFailedException>());
    }

    [Test]
    public async Task InvokeAsync_Aborted_IsACancellation()
    {
        using var abort = new CancellationTokenSource();
        await abort.CancelAsync();
        _bench.Script.OnEvent = (_, _, token) => throw new OperationCanceledException(token);
        Assert.That(async () => await InvokeAsync(new ScriptedProjection(_bench.Script), abort.Token), Throws.TypeOf<OperationCanceledException>());
    }

    private void Do(Action<PersistedEvent> action) => _bench.Script.OnEvent = (e, _, _) =>
    {
        action(e);
        return ValueTask.CompletedTask;
    };

    private async Task<int> InvokeAsync(object projection, CancellationToken abort = default)
    {
        ImmutableArray<Checkpoint> rows = await _bench.OwnAsync(["totals"], 0);
        await using IFencedBatch? batch = await _bench.Checkpoints.BeginAsync(_bench.Fence, rows[0], Testing.Shared.EmptyServices.Instance, CancellationToken.None);
        return await ProjectionInvoker.InvokeAsync(ProcessingBench.Define(), projection, batch!, _events, _time, abort);
    }
}
