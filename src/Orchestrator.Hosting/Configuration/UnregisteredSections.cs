namespace Orchestrator.Hosting.Configuration;

/// <summary>
/// Finds sections of replica sets and projections that this application does not register. A warning, not a fault: several applications may share one file, and in a rolling
/// deployment an older version meets the settings of a newer one's projections.
/// </summary>
internal sealed class UnregisteredSections(OrchestratorConfiguration configuration, OrchestratorRegistry registry)
{
    private readonly HashSet<string> _found = new(StringComparer.Ordinal);

    /// <summary>What to say, one line a section; each once, however often it is asked.</summary>
    public IEnumerable<string> FindNew() => Find().Where(_found.Add);

    private IEnumerable<string> Find()
    {
        string[] names = [.. registry.ReplicaSets.Select(replicaSet => replicaSet.Name)];
        IEnumerable<string> replicaSets = In($"{ConfigurationKeys.Root}:{ConfigurationKeys.ReplicaSets}", "replica set", names);
        return registry.ReplicaSets.Aggregate(replicaSets, (found, replicaSet) => found.Concat(
            In($"{ConfigurationKeys.ReplicaSet(replicaSet.Name)}:{ConfigurationKeys.Projections}", "projection", [.. replicaSet.Projections.Select(projection => projection.Name)])));
    }

    private IEnumerable<string> In(string path, string what, string[] registered) =>
        from child in configuration.Section(path)?.GetChildren() ?? []
        where !registered.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
        select $"{child.Path} has no effect: this application registers no {what} '{child.Key}'." + (NearName.Find(child.Key, registered) is { } near ? $" Did you mean '{near}'?" : "");
}
