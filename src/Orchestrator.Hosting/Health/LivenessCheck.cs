using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.Health;

/// <summary>The check behind <c>live</c>. It reads memory alone, and never waits.</summary>
internal sealed class LivenessCheck(OrchestratorStatus status, WatchedSection<OrchestratorHealthOptions> settings) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Finding[] findings = [.. status.ReplicaSets.SelectMany(replicaSet => Liveness.Judge(replicaSet, settings.Latest.LoopTimeout))];
        return Task.FromResult(Report.Of(findings, "All loops turn.", status.ReplicaSets));
    }
}
