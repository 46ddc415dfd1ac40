namespace Orchestrator.Hosting.Configuration;

/// <summary>The settings of one replica set and its projections, and the snapshots that its loops go by.</summary>
internal sealed class LiveReplicaSet(string name, WatchedSection<ReplicaSetOptions> section, IReadOnlyList<LiveProjection> projections)
{
    public string Name => name;

    public WatchedSection<ReplicaSetOptions> Section => section;

    public IReadOnlyList<LiveProjection> Projections => projections;

    public Live<ReplicaSetTuning> Tuning { get; } = new(ReplicaSetTuning.Of(section.Latest));

    public LiveProjection Of(string projection) => projections.First(candidate => candidate.Name == projection);

    /// <summary>Swaps the snapshots for what the sections say now.</summary>
    public void Publish()
    {
        Tuning.Value = ReplicaSetTuning.Of(section.Latest);
        foreach (LiveProjection projection in projections)
        {
            projection.Tuning.Value = ProjectionTuning.Of(projection.Section.Latest, section.Latest);
        }
    }
}

/// <summary>The settings of one projection.</summary>
internal sealed class LiveProjection(string name, WatchedSection<ProjectionOptions> section, ReplicaSetOptions replicaSet)
{
    public string Name => name;

    public WatchedSection<ProjectionOptions> Section => section;

    public Live<ProjectionTuning> Tuning { get; } = new(ProjectionTuning.Of(section.Latest, replicaSet));
}
