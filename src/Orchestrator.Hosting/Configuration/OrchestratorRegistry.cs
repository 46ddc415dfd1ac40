namespace Orchestrator.Hosting.Configuration;

/// <summary>The replica sets of one application. Filled while services are added, read when the host starts; never static, so that two hosts in one process do not meet.</summary>
internal sealed class OrchestratorRegistry
{
    private readonly Dictionary<string, ReplicaSetRegistration> _replicaSets = new(StringComparer.Ordinal);

    public IReadOnlyCollection<ReplicaSetRegistration> ReplicaSets => _replicaSets.Values;

    /// <summary>Finds a replica set, or adds it.</summary>
    /// <returns>The replica set, and whether it is new.</returns>
    public (ReplicaSetRegistration ReplicaSet, bool Added) GetOrAdd(string name)
    {
        if (_replicaSets.TryGetValue(name, out ReplicaSetRegistration? existing))
        {
            return (existing, false);
        }

        var added = new ReplicaSetRegistration(name);
        _replicaSets.Add(name, added);
        return (added, true);
    }
}
