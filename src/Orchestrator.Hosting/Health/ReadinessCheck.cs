using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.Health;

/// <summary>The check behind <c>ready</c>. It reads memory alone: what the heartbeat and the watch loop have learned from the database, not the database.</summary>
internal sealed class ReadinessCheck(OrchestratorStatus status, WatchedSection<OrchestratorHealthOptions> settings) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Finding[] findings = [.. status.ReplicaSets.SelectMany(replicaSet => Readiness.Judge(replicaSet, settings.Latest.LoopTimeout))];
        return Task.FromResult(Report.Of(findings, "Every replica set is at work or stands by.", status.ReplicaSets));
    }
}
