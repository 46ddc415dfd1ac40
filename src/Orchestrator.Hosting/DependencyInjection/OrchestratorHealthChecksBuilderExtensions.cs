using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the orchestrator's health checks.</summary>
public static class OrchestratorHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds three checks over every replica set of this process: <c>orchestrator-live</c>, tagged <c>live</c> (do the loops turn? It never asks the database, so that an outage restarts nobody),
    /// <c>orchestrator-ready</c>, tagged <c>ready</c> (registered, in a generation, heartbeat confirmed; degraded where a projection has stopped), and <c>orchestrator-lag</c>, tagged <c>lag</c> (how late
    /// projections are, and why: a reason to look, and none to restart a process or to send it no traffic). The description names the cause, and the data has a line for each replica set and projection. Needs <c>AddProjectionOrchestrator</c> on the same services. Called again, it only configures.
    /// </summary>
    /// <param name="builder">What <c>services.AddHealthChecks()</c> returns.</param>
    /// <param name="configure">Settings; configuration under <c>Orchestrator:Health</c> wins over them. Out of range stops the start.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddProjectionOrchestrator(this IHealthChecksBuilder builder, Action<OrchestratorHealthOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (configure is not null)
        {
            builder.Services.Configure(configure);
        }

        if (builder.Services.Any(descriptor => descriptor.ServiceType == typeof(LivenessCheck)))
        {
            return builder;
        }

        builder.Services.AddOptions<OrchestratorHealthOptions>().ValidateOnStart();
        builder.Services.TryAddSingleton<OrchestratorConfiguration>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<OrchestratorHealthOptions>, HealthConfiguration>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OrchestratorHealthOptions>, OrchestratorHealthOptionsValidator>());
        builder.Services.AddSingleton(provider => new WatchedSection<OrchestratorHealthOptions>(
            ConfigurationKeys.Health,
            Options.Options.DefaultName,
            HealthSettings.All,
            provider.GetRequiredService<IOptionsMonitor<OrchestratorHealthOptions>>(),
            provider.GetRequiredService<IOptionsFactory<OrchestratorHealthOptions>>()));
        builder.Services.AddSingleton<IWatchedSection>(provider => provider.GetRequiredService<WatchedSection<OrchestratorHealthOptions>>());
        builder.Services.AddSingleton<LivenessCheck>();
        builder.Services.AddSingleton<ReadinessCheck>();
        builder.Services.AddSingleton<UnownedSlotsWatch>();
        builder.Services.AddSingleton<LagThresholds>();
        builder.Services.AddSingleton<LagCheck>();
        return builder
            .Add(new HealthCheckRegistration("orchestrator-live", static services => services.GetRequiredService<LivenessCheck>(), HealthStatus.Unhealthy, ["live"]))
            .Add(new HealthCheckRegistration("orchestrator-ready", static services => services.GetRequiredService<ReadinessCheck>(), HealthStatus.Unhealthy, ["ready"]))
            .Add(new HealthCheckRegistration("orchestrator-lag", static services => services.GetRequiredService<LagCheck>(), HealthStatus.Unhealthy, ["lag"]));
    }
}
