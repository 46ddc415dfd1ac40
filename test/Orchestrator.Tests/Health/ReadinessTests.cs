using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Health;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Health;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReadinessTests
{
    private static readonly TimeSpan HandlerTimeout = TimeSpan.FromMinutes(2);

    private readonly ManualTime _time = new();
    private readonly ReplicaSetStatus _replicaSet = new("main");
    private readonly WorkerStatus _worker;

    public ReadinessTests() => _worker = new WorkerStatus(Guid.NewGuid(), TimeSpan.FromSeconds(30), _time);

    [Test]
    public void Judge_Steps_SaysWhatIsMissingUntilReady()
    {
        Assert.That(Single(), Does.Contain("has not started"));
        _replicaSet.Start();
        Assert.That(Single(), Does.Contain("no registered worker"));
        _replicaSet.CannotRegister(new TimeoutException("not for the page"));
        Assert.That(Single(), Does.Contain("cannot register").And.Contain(nameof(TimeoutException)).And.Not.Contain("not for the page"));
        _replicaSet.Registered(_worker);
        Assert.That(Single(), Does.Contain("first generation"));
        _worker.Place = new WorkerPlace(null, null, 0, FormingId: 1);
        Assert.That(Single(), Does.Contain("first generation"), "forming is not active");
        _worker.Place = new WorkerPlace(1, 0, 1, null);
        Assert.That(Judge(), Is.Empty);
    }

    [Test]
    public void Judge_NoPlaceBecauseOfOthers_SaysWhoIsInTheWay()
    {
        _replicaSet.Start();
        _replicaSet.Registered(_worker);
        _worker.Refusal = "Somebody has it. Stop that one.";

        Assert.That(Single(), Does.EndWith("gives this worker no part: Somebody has it. Stop that one"));
    }

    [Test]
    public void Judge_Disabled_IsReady()
    {
        _replicaSet.Disable();

        Assert.That(Judge(), Is.Empty);
    }

    [Test]
    public void Judge_StandingByOrReconfiguring_IsReady()
    {
        Ready();
        _worker.Place = new WorkerPlace(1, null, 4, null);
        Assert.That(Judge(), Is.Empty);
        _worker.Place = new WorkerPlace(1, 2, 4, 2);
        Assert.That(Judge(), Is.Empty);
    }

    [Test]
    public void Judge_HeartbeatIsOld_IsUnhealthyUntilConfirmed()
    {
        Ready();
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.That(Judge().Single(), Has.Property("Status").EqualTo(HealthStatus.Unhealthy).And.Property("Cause").Contains("15.0 s"));
        _worker.Confirmed(_time.GetTimestamp());
        Assert.That(Judge(), Is.Empty);
    }

    [Test]
    public void Judge_RowHasStopped_IsDegradedWithTheCause()
    {
        Ready();
        var projection = new ProjectionStatus("totals", _time) { Rows = [new RowStatus(new SlotRange(0, 10), 7, RowState.Stopped, 5, "FormatException"), new RowStatus(new SlotRange(10, 20), 9, RowState.Retrying, 1, "TimeoutException")] };
        using IDisposable shown = _worker.Show(projection);

        Finding finding = Judge().Single();
        Assert.That(finding.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(finding.Cause, Does.Contain("'totals'").And.Contain("position 7").And.Contain("attempts: 5").And.Contain("FormatException"));
    }

    [Test]
    public void Judge_HandlerDoesNotReturn_IsDegraded()
    {
        Ready();
        var projection = new ProjectionStatus("totals", _time);
        using IDisposable shown = _worker.Show(projection);
        using IDisposable call = projection.EnterHandler();
        _time.Advance(HandlerTimeout + TimeSpan.FromSeconds(1));
        _worker.Confirmed(_time.GetTimestamp());

        Assert.That(Judge().Single(), Has.Property("Status").EqualTo(HealthStatus.Degraded).And.Property("Cause").Contains("'totals'"));
    }

    [Test]
    public void Report_ManyFindings_WorstStatusAndABoundedText()
    {
        Finding[] findings = [.. Enumerable.Range(1, 50).Select(i => new Finding(HealthStatus.Degraded, $"cause {i}")), new Finding(HealthStatus.Unhealthy, "the worst")];

        HealthCheckResult result = Report.Of(findings, "well", [_replicaSet]);
        Assert.That(result.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(result.Description, Does.StartWith("The worst; cause 1").And.EndsWith("and 41 more."));
        Assert.That(result.Data, Contains.Key("main"));
    }

    private void Ready()
    {
        _replicaSet.Start();
        _replicaSet.Registered(_worker);
        _worker.Place = new WorkerPlace(1, 0, 1, null);
    }

    private Finding[] Judge() => [.. Readiness.Judge(_replicaSet, HandlerTimeout)];

    private string Single() => Judge().Single().Cause;
}
