using System.Data.Common;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Processing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Processing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RowFailuresTests
{
    private readonly ManualTime _time = new();
    private readonly RecordingLoggers _log = new();
    private readonly RowCursor _cursor = ProcessingBench.Cursor(new Checkpoint("totals", 1, SlotRange.All, 7, 1, Guid.Empty));
    private readonly RowFailures _failures;

    public RowFailuresTests()
    {
        ProjectionDefinition projection = ProcessingBench.Define();
        projection.Tuning.Value = projection.Tuning.Value with { Retry = new RetryPolicy(MaxAttempts: 4, InitialDelay: TimeSpan.FromSeconds(1), MaxDelay: TimeSpan.FromSeconds(3), JitterFactor: 0) };
        _failures = new RowFailures(projection, "main", new InMemoryErrorClassifier(), TestEnvironment.On(_time), _log.CreateLogger("test"));
    }

    [Test]
    public void Handle_HandlerFailed_TriesAgainLaterWithHalfTheBatch()
    {
        Assert.That(_failures.Handle(_cursor, Failed(new FormatException())), Is.False, "nothing has taken effect");
        Assert.That(_cursor.BatchLimit, Is.EqualTo(50));
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
        Assert.That(_cursor.StoppedBy, Is.Null);
        Fail(1);

        Assert.That(_cursor.StoppedBy, Is.TypeOf<FormatException>());
        LogEntry entry = _log.With(2004).Single();
        PersistedEvent culprit = TestEvents.Page(7, 8).Events[0];
        Assert.That(entry.Level, Is.EqualTo(LogLevel.Error));
        Assert.That(entry.Message, Does.Contain("totals").And.Contain("position 8").And.Contain("attempts: 4").And.Contain(culprit.AggregateId).And.Contain(culprit.EventType));
    }

    // Another attempt would write again what is in the read model already.
    [TestCase(TransactionEnd.Committed, true)]
    [TestCase(TransactionEnd.RolledBack, false)]
    [TestCase(TransactionEnd.ConnectionClosed, false)]
    public void Handle_HandlerEndedTheTransaction_StopsAtOnceBehindACommit(object end, bool stops)
    {
        var ended = new BatchTransactionEndedException("totals", (TransactionEnd)end, inner: null);
        _failures.Handle(_cursor, Failed(ended, events: 5));

        Assert.That(_cursor.StoppedBy, stops ? Is.SameAs(ended) : Is.Null);
        Assert.That(_log.With(2014).Select(entry => entry.Message), stops ? Has.One.Contains("from position 8 to 12") : Is.Empty);
    }

    [Test]
    public void Handle_SuccessBetween_CountsAfreshAndTheBatchGrowsAgain()
    {
        Fail(3);
        Assert.That(_cursor.BatchLimit, Is.EqualTo(12));
        _cursor.Succeeded(_cursor.Row, handled: 12, TimeSpan.Zero);
        Assert.That(_cursor.BatchLimit, Is.EqualTo(24));
        Fail(3);
        Assert.That(_cursor.StoppedBy, Is.Null);
    }

    [Test]
    public void Handle_SeveralEventsFailTogether_DoesNotCountTowardsStopping()
    {
        for (int i = 0; i < 20; i++)
        {
            _failures.Handle(_cursor, Failed(new FormatException(), events: 2));
        }

        Fail(3);
        Assert.That(_cursor.StoppedBy, Is.Null, "nobody knows which of them fails");
        Fail(1);
        Assert.That(_cursor.StoppedBy, Is.Not.Null);
    }

    [Test]
    public void Handle_Infrastructure_IsTriedAgainForEverWithBoundedPauses()
    {
        for (int i = 0; i < 1_000; i++)
        {
            Assert.That(_failures.Handle(_cursor, new InMemorySessionLostException()), Is.True, "the outcome is unknown");
            Assert.That(Pause(), Is.LessThanOrEqualTo(TimeSpan.FromSeconds(6)));
        }

        Assert.That(_cursor.StoppedBy, Is.Null);
        Assert.That(_cursor.BatchLimit, Is.EqualTo(1));
        Assert.That(_log.With(2005), Has.Count.EqualTo(1_000));
        Assert.That(_log.With(2005).Count(entry => entry.Level > LogLevel.Debug), Is.EqualTo(1), "said once, tried for ever");
    }

    [Test]
    public void Handle_InfrastructureInsideAHandler_DoesNotCountAgainstTheHandler()
    {
        for (int i = 0; i < 10; i++)
        {
            Assert.That(_failures.Handle(_cursor, Failed(new InMemorySessionLostException())), Is.True);
        }

        Assert.That(_cursor.HandlerFailures, Is.Zero);
        Assert.That(_cursor.StoppedBy, Is.Null);
    }

    [Test]
    public void Handle_DatabaseErrorOfOurOwnStatements_IsInfrastructure() => Assert.That(_failures.Handle(_cursor, new StatementException()), Is.True);

    [Test]
    public void Handle_DatabaseErrorInAHandler_IsTheHandlers()
    {
        Assert.That(_failures.Handle(_cursor, Failed(new StatementException())), Is.False);
        Assert.That(_cursor.HandlerFailures, Is.EqualTo(1));
    }

    [Test]
    public void Handle_Bug_GoesUpAsItIs()
    {
        var bug = new InvalidOperationException("a bug");
        Assert.That(() => _failures.Handle(_cursor, bug), Throws.Exception.SameAs(bug));
    }

    private static HandlerFailedException Failed(Exception cause, int events = 1) => new(cause, TestEvents.Page(7, 7 + events).Events);

    private void Fail(int times)
    {
        for (int i = 0; i < times; i++)
        {
            FailHandler();
        }
    }

    private void FailHandler() => _failures.Handle(_cursor, Failed(new FormatException()));

    private TimeSpan Pause() => _time.GetElapsedTime(_time.GetTimestamp(), _cursor.NotBefore);

    private sealed class StatementException : DbException;
}
