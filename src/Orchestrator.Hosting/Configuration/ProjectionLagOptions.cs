namespace Orchestrator.Hosting.Configuration;

/// <summary>How far behind one projection may be before the health check <c>orchestrator-lag</c> complains, where it is another time than for all (<c>Orchestrator:Health:Lag</c>). Each value by itself.</summary>
public sealed class ProjectionLagOptions
{
    /// <summary>How late the oldest event that waits may be before the check is degraded. Default: null, as for all; 100 ms to 30 days.</summary>
    public TimeSpan? Degraded { get; set; }

    /// <summary>How late it may be before the check is unhealthy. Default: null, as for all; 100 ms to 30 days.</summary>
    public TimeSpan? Unhealthy { get; set; }
}
