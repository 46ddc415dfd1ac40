namespace Orchestrator.Hosting.Health;

/// <summary>How far behind a projection may be before the check <c>orchestrator-lag</c> complains. Bound from <c>Orchestrator:Health:Lag</c>, which wins over code.</summary>
public sealed class LagOptions
{
    /// <summary>How late the oldest event that waits may be before the check is degraded. What has stopped, and what has no owner, counts at once. Default: 30 s; 100 ms to 30 days.</summary>
    public TimeSpan Degraded { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How late it may be before the check is unhealthy, and its endpoint answers 503. Null, the default: never, so that a projection that catches up takes no process out of service where a probe asks all
    /// checks together. 100 ms to 30 days.
    /// </summary>
    public TimeSpan? Unhealthy { get; set; }
}
