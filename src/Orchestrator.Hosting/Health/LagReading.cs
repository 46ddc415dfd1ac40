using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orchestrator.Hosting.Health;

/// <summary>How late something is, and why.</summary>
/// <param name="Key">Its line in the data.</param>
/// <param name="Behind">How late.</param>
/// <param name="Cause">Why, as a sentence without its full stop; null: all is well.</param>
internal sealed record LagReading(string Key, TimeSpan Behind, string? Cause)
{
    /// <summary>The projection that it is about, which may have thresholds of its own; null: none.</summary>
    public (string ReplicaSet, string Name)? Projection { get; init; }

    /// <summary>What to say where there is no cause.</summary>
    public string Well { get; init; } = "up to date";

    /// <summary>Whether it does not go on by itself: then it counts at once.</summary>
    public bool IsStuck { get; init; }

    /// <summary>What the thresholds make of it; null: nothing yet.</summary>
    public Finding? Judge(LagOptions thresholds)
    {
        if (Cause is null)
        {
            return null;
        }

        return Behind >= thresholds.Unhealthy ? new Finding(HealthStatus.Unhealthy, Cause)
            : IsStuck || Behind >= thresholds.Degraded ? new Finding(HealthStatus.Degraded, Cause)
            : null;
    }
}
