using System.Data.Common;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Processing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Processing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LaneFailuresTests
{
    private readonly ManualTime _time = new();
    private readonly RecordingLoggers _log = new();
    private readonly CheckpointLane _lane = new(new Checkpoint("totals", 1, SlotRange.All, 7, 1, Guid.Empty), 100);
    private readonly LaneFailures _failures;

    public LaneFailuresTests()
    {
        ProjectionDefinition projection = ProcessingBench.Define() with
        {
            Retry = new RetryOptions { MaxAttempts = 4, InitialDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(3), JitterFactor = 0 },
        };
        _failures = new LaneFailures(projection, "main", new InMemoryErrorClassifier(), TestEnvironment.On(_time), _log.CreateLogger("test"));
    }

    [Test]
    public void Handle_HandlerFailed_TriesAgainLaterWithHalfTheBatch()
    {
        Assert.That(_failures.Handle(_lane, new HandlerFailedException(new FormatException())), Is.False, "nothing has taken effect");
        Assert.That(_lane.BatchLimit, Is.EqualTo(50));
        Assert.That(Pause(), Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(_log.With(2003).Single().Exception, Is.TypeOf<FormatException>());
    }

    [Test]
    public void Handle_HandlerFailsAgain_PausesDoubleUpToTheLongest()
    {
        TimeSpan[] pauses = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            FailHandler();
            return Pause();
        })];

        Assert.That(pauses.Select(pause => pause.TotalSeconds), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void Handle_HandlerFailedTooOften_StopsTheRowAndSaysSo()
    {
        Fail(3);
        Assert.That(_lane.StoppedBy, Is.Null);
        Fail(1);

        Assert.That(_lane.StoppedBy, Is.TypeOf<FormatException>());
        LogEntry entry = _log.With(2004).Single();
        Assert.That(entry.Level, Is.EqualTo(LogLevel.Error));
        Assert.That(entry.Message, Does.Contain("totals").And.Contain("position 7").And.Contain("4 times"));
    }

    [Test]
    public void Handle_SuccessBetween_CountsAfreshAndTheBatchGrowsAgain()
    {
        Fail(3);
        Assert.That(_lane.BatchLimit, Is.EqualTo(12));
        _lane.Succeeded(_lane.Row);
        Assert.That(_lane.BatchLimit, Is.EqualTo(25));
        Fail(3);
        Assert.That(_lane.StoppedBy, Is.Null);
    }

    [Test]
    public void Handle_Infrastructure_IsTriedAgainForEverWithBoundedPauses()
    {
        for (int i = 0; i < 1_000; i++)
        {
            Assert.That(_failures.Handle(_lane, new InMemorySessionLostException()), Is.True, "the outcome is unknown");
            Assert.That(Pause(), Is.LessThanOrEqualTo(TimeSpan.FromSeconds(6)));
        }

        Assert.That(_lane.StoppedBy, Is.Null);
        Assert.That(_lane.BatchLimit, Is.EqualTo(1));
        Assert.That(_log.With(2005), Has.Count.EqualTo(1_000));
    }

    [Test]
    public void Handle_InfrastructureInsideAHandler_DoesNotCountAgainstTheHandler()
    {
        for (int i = 0; i < 10; i++)
        {
            Assert.That(_failures.Handle(_lane, new HandlerFailedException(new InMemorySessionLostException())), Is.True);
        }

        Assert.That(_lane.HandlerFailures, Is.Zero);
        Assert.That(_lane.StoppedBy, Is.Null);
    }

    [Test]
    public void Handle_DatabaseErrorOfOurOwnStatements_IsInfrastructure() => Assert.That(_failures.Handle(_lane, new StatementException()), Is.True);

    [Test]
    public void Handle_DatabaseErrorInAHandler_IsTheHandlers()
    {
        Assert.That(_failures.Handle(_lane, new HandlerFailedException(new StatementException())), Is.False);
        Assert.That(_lane.HandlerFailures, Is.EqualTo(1));
    }

    [Test]
    public void Handle_Bug_GoesUpAsItIs()
    {
        var bug = new InvalidOperationException("a bug");
        Assert.That(() => _failures.Handle(_lane, bug), Throws.Exception.SameAs(bug));
    }

    private void Fail(int times)
    {
        for (int i = 0; i < times; i++)
        {
            FailHandler();
        }
    }

    private void FailHandler() => _failures.Handle(_lane, new HandlerFailedException(new FormatException()));

    private TimeSpan Pause() => _time.GetElapsedTime(_time.GetTimestamp(), _lane.NotBefore);

    private sealed class StatementException : DbException;
}
