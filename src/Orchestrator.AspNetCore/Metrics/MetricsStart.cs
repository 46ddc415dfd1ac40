using Microsoft.Extensions.Hosting;

namespace Orchestrator.AspNetCore.Metrics;

/// <summary>
/// Makes the host create the collector with its hosted services, which is before any of them starts: what the first worker does is counted, also where endpoints are mapped late.
/// </summary>
/// <param name="collector">Listens once it exists.</param>
internal sealed class MetricsStart(MetricsCollector collector) : IHostedService
{
    /// <summary>What listens.</summary>
    public MetricsCollector Collector { get; } = collector;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
