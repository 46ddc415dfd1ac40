using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.Diagnostics;

/// <summary>The status of every replica set of one application.</summary>
internal sealed class OrchestratorStatus
{
    private readonly Dictionary<string, ReplicaSetStatus> _replicaSets;

    public OrchestratorStatus(OrchestratorRegistry registry) =>
        _replicaSets = registry.ReplicaSets.ToDictionary(replicaSet => replicaSet.Name, replicaSet => new ReplicaSetStatus(replicaSet.Name), StringComparer.Ordinal);

    /// <summary>Every replica set.</summary>
    public IReadOnlyCollection<ReplicaSetStatus> ReplicaSets => _replicaSets.Values;

    /// <summary>One replica set.</summary>
    public ReplicaSetStatus Of(string replicaSet) => _replicaSets[replicaSet];
}
