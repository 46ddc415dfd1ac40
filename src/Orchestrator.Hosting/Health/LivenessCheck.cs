using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.Health;

/// <summary>The check behind <c>live</c>. It reads memory alone, and never waits.</summary>
internal sealed class LivenessCheck(OrchestratorStatus status, IOptions<OrchestratorHealthOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Finding[] findings = [.. status.ReplicaSets.SelectMany(replicaSet => Liveness.Judge(replicaSet, options.Value.LoopTimeout))];
        return Task.FromResult(Report.Of(findings, "All loops turn.", status.ReplicaSets));
    }
}
