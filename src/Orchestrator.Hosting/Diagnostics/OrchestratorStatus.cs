using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.Diagnostics;

/// <summary>The status of every replica set of one application.</summary>
internal sealed class OrchestratorStatus
{
    private readonly Dictionary<string, ReplicaSetStatus> _replicaSets;

    /// <summary>Creates the status of each registered replica set.</summary>
    /// <param name="registry">The replica sets.</param>
    /// <param name="log">What the log says of itself.</param>
    /// <param name="metrics">Where it is measured, or null: nowhere.</param>
    public OrchestratorStatus(OrchestratorRegistry registry, LogStatus log, OrchestratorMetrics? metrics = null)
    {
        _replicaSets = registry.ReplicaSets.ToDictionary(
            replicaSet => replicaSet.Name, replicaSet => new ReplicaSetStatus(replicaSet.Name, new ReplicaSetMetrics(metrics, replicaSet.Name), metrics?.Time), StringComparer.Ordinal);
        metrics?.Observe(new StatusGauges(_replicaSets.Values, log, metrics.Time));
    }

    /// <summary>Every replica set.</summary>
    public IReadOnlyCollection<ReplicaSetStatus> ReplicaSets => _replicaSets.Values;

    /// <summary>One replica set.</summary>
    public ReplicaSetStatus Of(string replicaSet) => _replicaSets[replicaSet];
}
