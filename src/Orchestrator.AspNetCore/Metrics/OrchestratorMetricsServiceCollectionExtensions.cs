using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using Orchestrator.AspNetCore.Metrics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what counts for the metrics endpoint.</summary>
public static class OrchestratorMetricsServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="MeterProvider"/> of this endpoint's own over the orchestrator's meter, which counts from the start of the host. Read by <c>MapOrchestratorMetrics()</c>.
    /// Other providers and exporters of the application are not touched. A host that exports its metrics already needs neither call: it adds the meter
    /// <c>OrchestratorTelemetry.MeterName</c> to its own provider.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Adds to the page: further meters (<c>metrics.AddMeter("Microsoft.AspNetCore.Hosting")</c>), views. Called again, each call's actions run, in order. Default: the orchestrator's meter alone.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddOrchestratorMetrics(this IServiceCollection services, Action<MeterProviderBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MetricsCollector>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, MetricsStart>());
        if (configure is not null)
        {
            services.AddSingleton(new MetricsConfiguration(configure));
        }

        return services;
    }
}
