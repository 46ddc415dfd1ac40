using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Membership;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Membership;

/// <summary>On the thread that ships.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HeartbeatLoopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ReplicaSetOptions _options = new() { HeartbeatInterval = TimeSpan.FromMilliseconds(2) };
    private readonly ScriptedHeartbeats _store = new();
    private readonly WorkerLife _life = new(Guid.NewGuid(), TimeSpan.FromHours(1), TimeProvider.System);
    private readonly CancellationTokenSource _stop = new();
    private readonly RecordingLoggers _loggers = new();

    public void Dispose()
    {
        _stop.Dispose();
        _life.Dispose();
    }

    [Test]
    [NonParallelizable]
    public void RunAsync_ThreadPoolStarved_GoesOnBeating()
    {
        using var starved = new StarvedThreadPool();
        Task loop = Start();
        _store.WaitForBeats(20, Patience);
        bool poolWasFree = starved.HasRunAnything;
        _stop.Cancel();

        Assert.That(loop.Wait(Patience), "ended");
        Assert.That(poolWasFree, Is.False, "the test proves something only while the pool is starved");
    }

    [Test]
    public async Task RunAsync_InfrastructureError_ClosesTheSessionAndReconnectsUnderTheSameId()
    {
        _store.OnBeat = beat => beat == 3 ? throw new InMemorySessionLostException() : true;
        Task loop = Start();
        _store.WaitForBeats(10, Patience);
        await _stop.CancelAsync();
        await loop.Soon();

        Assert.That(_store.Opened, Is.EqualTo(new[] { _life.WorkerId, _life.WorkerId }));
        Assert.That(_store.Closed, Is.EqualTo(2), "the lost one, and the other in the end");
        Assert.That(_life.Ended.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task RunAsync_CannotConnect_TriesAgain()
    {
        int refusals = 3;
        _store.OnOpen = () => refusals-- > 0 ? throw new InMemorySessionLostException() : true;
        Task loop = Start();
        _store.WaitForBeats(1, Patience);
        await _stop.CancelAsync();
        await loop.Soon();

        Assert.That(_store.Opened, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task RunAsync_FailsForAWhile_SaysItOnceForEachCauseAndWhenItIsOver()
    {
        int refusals = 4;
        _store.OnOpen = () => refusals-- > 0 ? throw new InMemorySessionLostException() : true;
        Task loop = Start();
        _store.WaitForBeats(2, Patience);
        await _stop.CancelAsync();
        await loop.Soon();

        Assert.That(_loggers.With(1006).Select(entry => entry.Level), Is.EqualTo(new[] { LogLevel.Warning, LogLevel.Debug, LogLevel.Debug, LogLevel.Debug }));
        Assert.That(_loggers.With(1012).Single().Message, Does.Contain("failures: 4,"));
    }

    [Test]
    public async Task RunAsync_OffTheRoster_EndsTheLifeAndTheLoop()
    {
        _store.OnBeat = beat => beat < 3;
        await Start().Soon();

        Assert.That(_life.Ended.IsCancellationRequested, Is.True);
        Assert.That(_life.EndReason, Does.Contain("off the roster"));
        Assert.That(_store.Closed, Is.EqualTo(1));
    }

    [Test]
    public async Task RunAsync_LifeEndsOtherwise_Ends()
    {
        Task loop = Start();
        _store.WaitForBeats(1, Patience);
        _life.End("test");
        await loop.Soon();

        Assert.That(_store.Closed, Is.EqualTo(1));
    }

    [Test]
    public async Task RunAsync_Bug_GoesUpAndClosesTheSession()
    {
        _store.OnBeat = _ => throw new InvalidOperationException("a bug");

        Assert.That(async () => await Start().Soon(), Throws.InvalidOperationException.With.Message.EqualTo("a bug"));
        Assert.That(_store.Closed, Is.EqualTo(1));
        await _stop.CancelAsync();
    }

    [Test]
    public async Task RunAsync_Answered_ConfirmsWhenTheHeartbeatWasSent()
    {
        var time = new ManualTime();
        using var life = new WorkerLife(Guid.NewGuid(), TimeSpan.FromSeconds(30), time);
        _store.OnBeat = _ =>
        {
            // The answer takes as long as a worker may be silent for.
            time.Advance(TimeSpan.FromSeconds(15));
            _stop.Cancel();
            return true;
        };
        await new HeartbeatLoop(_store, new InMemoryErrorClassifier(), TestEnvironment.On(time), NullLogger<HeartbeatLoop>.Instance).RunAsync(life, "main", _options, _stop.Token);

        Assert.That(life.MayStartBatch, Is.False);
    }

    private Task Start() =>
        new HeartbeatLoop(_store, new InMemoryErrorClassifier(), TestEnvironment.On(TimeProvider.System), _loggers.CreateLogger<HeartbeatLoop>())
            .RunAsync(_life, "main", _options, _stop.Token);
}
