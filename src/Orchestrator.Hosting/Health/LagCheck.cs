using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.Health;

/// <summary>The check behind <c>lag</c>. It reads memory, and asks the database one thing: whether any slots have no owner.</summary>
internal sealed class LagCheck(
    OrchestratorStatus status, LogStatus log, UnownedSlotsWatch owners, TimeProvider time, LagThresholds thresholds) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<LagReading> unowned = await owners.LookAsync(status.ReplicaSets, cancellationToken);
        LagReading[] readings = [Lag.Of(log, time), .. unowned, .. status.ReplicaSets.SelectMany(replicaSet => Lag.Of(replicaSet, log, time))];
        Finding[] findings = [.. readings.Select(reading => reading.Judge(thresholds.For(reading.Projection))).OfType<Finding>()];
        return Report.Of(findings, "Every projection is up to date, or nearly.", readings.Select(reading => (reading.Key, reading.Cause ?? reading.Well)));
    }
}
