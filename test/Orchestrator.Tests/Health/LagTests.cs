using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Doctor;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Health;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Health;

/// <summary>How late, why, and from when on that is a finding.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LagTests
{
    private static readonly LagOptions Thresholds = new() { Degraded = TimeSpan.FromSeconds(30), Unhealthy = TimeSpan.FromMinutes(5) };

    private readonly ManualTime _time = new();
    private readonly LogStatus _log;
    private readonly ReplicaSetStatus _replicaSet;
    private readonly WorkerStatus _worker;
    private readonly ProjectionStatus _projection;

    public LagTests()
    {
        _log = new LogStatus(_time);
        _replicaSet = new ReplicaSetStatus("main", time: _time);
        _worker = new WorkerStatus(Guid.NewGuid(), TimeSpan.FromHours(10), _time) { Place = new WorkerPlace(1, 0, 1, null) };
        _projection = new ProjectionStatus("totals", _time);
    }

    [Test]
    public void Of_NothingWaits_IsUpToDate()
    {
        Show(Row(null));

        Assert.That(Reading(), Has.Property("Cause").Null.And.Property("Well").EqualTo("up to date").And.Property("Key").EqualTo("main/totals"));
    }

    [Test]
    public void Of_EventsWait_CountsFromTheirAppend()
    {
        _log.Observed(end: 50);
        Show(Row(_time.GetUtcNow() - TimeSpan.FromSeconds(20)));
        Assert.That(Reading().Judge(Thresholds), Is.Null, "below the threshold");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(Reading().Judge(Thresholds), Is.EqualTo(new Finding(HealthStatus.Degraded, "projection 'totals' of replica set 'main' is 30.0 s behind: it catches up; positions to the end of the log: 43")));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(Reading().Judge(Thresholds)!.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(Reading().Judge(new LagOptions())!.Status, Is.EqualTo(HealthStatus.Degraded), "by default it takes nothing out of service");
    }

    // The database's clock is ahead: by its times nothing is ever late.
    [Test]
    public void Of_ClocksDiffer_CountsForHowLongNothingHasMoved()
    {
        Show(Row(_time.GetUtcNow() + TimeSpan.FromHours(1), RowState.Retrying));
        _time.Advance(TimeSpan.FromSeconds(20));
        _projection.Rows = [Row(_time.GetUtcNow() + TimeSpan.FromHours(1), RowState.Retrying, failures: 2)];
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(Reading().Behind, Is.EqualTo(TimeSpan.FromSeconds(40)), "another try is no progress");

        _projection.Rows = [Row(_time.GetUtcNow() + TimeSpan.FromHours(1), position: 8)];
        Assert.That(Reading().Behind, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Of_Retrying_NamesTheError()
    {
        Show(Row(_time.GetUtcNow(), RowState.Retrying, failures: 3));

        Assert.That(Reading().Cause, Does.EndWith("what follows position 7 failed and is tried again (FormatException; failures: 3)"));
    }

    [Test]
    public void Of_Stopped_CountsAtOnce()
    {
        Show(Row(null), Row(_time.GetUtcNow(), RowState.Stopped, failures: 5));

        Assert.That(Reading().Judge(Thresholds), Has.Property("Status").EqualTo(HealthStatus.Degraded).And.Property("Cause").Contains("it has stopped").And.Property("Cause").Contains("attempts: 5"));
    }

    [Test]
    public void Of_HandlerTakesLong_NamesIt()
    {
        Show(Row(_time.GetUtcNow()));
        using IDisposable call = _projection.EnterHandler();
        _time.Advance(TimeSpan.FromSeconds(12));

        Assert.That(Reading().Cause, Does.EndWith("12.0 s behind: its handler has been at work on one batch for 12.0 s"));
    }

    [Test]
    public void Of_NoWorker_CountsFromItsEnd()
    {
        _replicaSet.Registered(_worker);
        _replicaSet.Over();
        _replicaSet.CannotRegister(new TimeoutException("secret"));
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.That(Reading().Judge(Thresholds)!.Cause, Does.Contain("no registered worker here for 31.0 s (TimeoutException)").And.Not.Contain("secret"));
    }

    [Test]
    public void Of_NoHeartbeatAnswered_BlamesTheDatabase()
    {
        Show(Row(_time.GetUtcNow()));
        _time.Advance(TimeSpan.FromHours(5));

        Assert.That(Reading().Cause, Does.StartWith("the database has not answered replica set 'main' for 18000.0 s"));
    }

    [Test]
    public void Of_StandingByOrDisabled_IsWell()
    {
        _replicaSet.Registered(_worker);
        _worker.Place = new WorkerPlace(1, null, 1, null);
        Assert.That(Reading(), Has.Property("Cause").Null.And.Property("Well").EqualTo("standing by"));
        _replicaSet.Disable();
        Assert.That(Reading().Well, Is.EqualTo("disabled"));
    }

    [Test]
    public void Of_LogHeld_NamesTheHolder()
    {
        Assert.That(Lag.Of(_log, _time).Cause, Is.Null);
        long since = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(31));
        _log.Observed(5, since, new HorizonHolder { ProcessId = 4711, ApplicationName = "psql", Since = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) });

        Assert.That(
            Lag.Of(_log, _time).Judge(Thresholds),
            Is.EqualTo(new Finding(HealthStatus.Degraded, "an open append holds back what comes behind it for 31.0 s: pid 4711 ('psql'), since 03:04:05 UTC")));

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(Lag.Of(_log, _time).Cause, Is.Null, "whoever looks no more, as a worker that stands by, knows nothing of it");
    }

    private static RowStatus Row(DateTimeOffset? pendingSince, RowState state = RowState.Running, int failures = 1, long position = 7) =>
        new(SlotRange.All, position, state, failures, "FormatException") { PendingSince = pendingSince };

    private void Show(params RowStatus[] rows)
    {
        _replicaSet.Registered(_worker);
        _projection.Rows = rows;
        _worker.Show(_projection);
    }

    private LagReading Reading() => Lag.Of(_replicaSet, _log, _time).Single();
}
