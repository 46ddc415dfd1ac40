using Microsoft.Extensions.Options;

namespace Orchestrator.Hosting.Configuration;

/// <summary>The settings of every replica set of the application. Read when first asked for: behind the check that the host makes when it starts.</summary>
internal sealed class LiveSettings
{
    private readonly OrchestratorRegistry _registry;
    private readonly Func<string, WatchedSection<ReplicaSetOptions>> _watchReplicaSet;
    private readonly Func<string, WatchedSection<ProjectionOptions>> _watchProjection;
    private readonly Lazy<IReadOnlyList<LiveReplicaSet>> _replicaSets;

    public LiveSettings(
        OrchestratorRegistry registry,
        IOptionsMonitor<ReplicaSetOptions> replicaSets,
        IOptionsFactory<ReplicaSetOptions> replicaSetFactory,
        IOptionsMonitor<ProjectionOptions> projections,
        IOptionsFactory<ProjectionOptions> projectionFactory)
    {
        _registry = registry;
        _watchReplicaSet = name => new WatchedSection<ReplicaSetOptions>(ConfigurationKeys.ReplicaSet(name), name, ReplicaSetSettings.All, replicaSets, replicaSetFactory);
        _watchProjection = path => new WatchedSection<ProjectionOptions>(path, path, ProjectionSettings.All, projections, projectionFactory);
        _replicaSets = new(() => [.. _registry.ReplicaSets.Select(Watch)]);
    }

    public IReadOnlyList<LiveReplicaSet> ReplicaSets => _replicaSets.Value;

    public LiveReplicaSet Of(string replicaSet) => ReplicaSets.First(candidate => candidate.Name == replicaSet);

    private LiveReplicaSet Watch(ReplicaSetRegistration registration)
    {
        WatchedSection<ReplicaSetOptions> section = _watchReplicaSet(registration.Name);
        return new LiveReplicaSet(
            registration.Name,
            section,
            [.. registration.Projections.Select(projection => new LiveProjection(projection.Name, _watchProjection(ConfigurationKeys.Projection(registration.Name, projection.Name)), section.Latest))]);
    }
}
