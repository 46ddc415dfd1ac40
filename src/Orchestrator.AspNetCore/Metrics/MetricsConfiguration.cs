using OpenTelemetry.Metrics;

namespace Orchestrator.AspNetCore.Metrics;

/// <summary>What an application adds to its metrics page.</summary>
/// <param name="Configure">Adds it.</param>
internal sealed record MetricsConfiguration(Action<MeterProviderBuilder> Configure);
