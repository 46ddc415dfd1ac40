namespace Orchestrator.Hosting.Health;

/// <summary>When the orchestrator's health checks complain. Bound from <c>Orchestrator:Health</c>, which wins over code.</summary>
public sealed class OrchestratorHealthOptions
{
    /// <summary>
    /// How long a loop may be overdue before it counts as hung and liveness fails, and how long a handler may work on one batch before readiness is degraded. Keep it above the time-outs of the
    /// connection strings, or a database that does not answer looks like a hung loop. Default: 2 min; 1 s to 1 h.
    /// </summary>
    public TimeSpan LoopTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How far behind a projection may be.</summary>
    public LagOptions Lag { get; } = new();
}
