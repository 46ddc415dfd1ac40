using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orchestrator.Hosting.Health;

/// <summary>One thing that a check has found.</summary>
/// <param name="Status">How bad it is.</param>
/// <param name="Cause">What it is, as a sentence without its full stop.</param>
internal sealed record Finding(HealthStatus Status, string Cause);
