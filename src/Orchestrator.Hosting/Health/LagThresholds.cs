using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.Health;

/// <summary>From when on being late is a finding: for all, and for a projection that has thresholds of its own.</summary>
internal sealed class LagThresholds(WatchedSection<OrchestratorHealthOptions> settings, LiveSettings live)
{
    /// <summary>The thresholds as they are now.</summary>
    /// <param name="projection">A projection of this application, or null: for what is no projection's.</param>
    public LagOptions For((string ReplicaSet, string Name)? projection)
    {
        LagOptions all = settings.Latest.Lag;
        if (projection is not { } one || live.Of(one.ReplicaSet).Projections.FirstOrDefault(candidate => candidate.Name == one.Name)?.Section.Latest.Lag is not { } own)
        {
            return all;
        }

        return new LagOptions { Degraded = own.Degraded ?? all.Degraded, Unhealthy = own.Unhealthy ?? all.Unhealthy };
    }
}
