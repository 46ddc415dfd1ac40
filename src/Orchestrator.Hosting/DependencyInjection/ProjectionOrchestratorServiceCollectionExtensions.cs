using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.ReplicaSets;
using Orchestrator.Hosting.Threading;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the projection orchestrator to an application.</summary>
public static class ProjectionOrchestratorServiceCollectionExtensions
{
    /// <summary>Adds the orchestrator. May be called more than once; every call adds to the same orchestrator.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="setup">Chooses the provider: <c>o =&gt; o.UsePostgreSql(...)</c> or <c>o =&gt; o.UseInMemory()</c>. Runs at once. Choosing none fails when the host starts, together with all other faults.</param>
    /// <returns>A builder for replica sets.</returns>
    public static IOrchestratorBuilder AddProjectionOrchestrator(this IServiceCollection services, Action<OrchestratorSetup>? setup = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OrchestratorRegistry registry = GetOrAddRegistry(services);
        AddConfiguration(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IHeartbeatThread, HeartbeatThread>();
        services.TryAddSingleton(provider => new ExecutionEnvironment(
            provider.GetRequiredService<TimeProvider>(), Random.Shared, Guid.NewGuid, provider.GetRequiredService<IHeartbeatThread>()));
        services.TryAddSingleton(ProcessIdentity.Current());
        services.TryAddSingleton<LogStatus>();
        services.TryAddSingleton(CreateStatus);
        services.TryAddSingleton<ReplicaSetAgentFactory>();
        services.TryAddSingleton<RunningReplicaSets>();
        setup?.Invoke(new OrchestratorSetup(services));
        return new OrchestratorBuilder(services, registry);
    }

    private static void AddConfiguration(IServiceCollection services)
    {
        services.AddOptions<RootSection>().ValidateOnStart();
        services.TryAddSingleton<OrchestratorConfiguration>();
        services.TryAddSingleton<UnregisteredSections>();
        services.TryAddSingleton<LiveSettings>();
        services.TryAddSingleton<SettingsReload>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWatchedSection, WatchedSection<RootSection>>(provider => new WatchedSection<RootSection>(
            ConfigurationKeys.Root,
            Options.Options.DefaultName,
            [],
            provider.GetRequiredService<IOptionsMonitor<RootSection>>(),
            provider.GetRequiredService<IOptionsFactory<RootSection>>())));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<ReplicaSetOptions>, OrchestratorConfiguration>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<ProjectionOptions>, OrchestratorConfiguration>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RootSection>, RootSectionValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RootSection>, RegistrationValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ReplicaSetOptions>, ReplicaSetOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ProjectionOptions>, ProjectionOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StartReport>());
    }

    // Every host has a meter factory; a bare service collection may have none, and is not measured then.
    private static OrchestratorStatus CreateStatus(IServiceProvider provider) => new(
        provider.GetRequiredService<OrchestratorRegistry>(),
        provider.GetRequiredService<LogStatus>(),
        provider.GetService<IMeterFactory>() is { } meters ? new OrchestratorMetrics(meters, provider.GetRequiredService<TimeProvider>()) : null);

    private static OrchestratorRegistry GetOrAddRegistry(IServiceCollection services)
    {
        if (services.FirstOrDefault(descriptor => descriptor.ServiceType == typeof(OrchestratorRegistry))?.ImplementationInstance is OrchestratorRegistry existing)
        {
            return existing;
        }

        var registry = new OrchestratorRegistry();
        services.AddSingleton(registry);
        return registry;
    }
}
