using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orchestrator.Workflows;
using Orchestrator.Workflows.Background;
using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.DependencyInjection;
using Orchestrator.Workflows.Diagnostics;
using Orchestrator.Workflows.Journal;
using Orchestrator.Workflows.Running;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds workflows to an application.</summary>
public static class WorkflowServiceCollectionExtensions
{
    private const int MaxNameLength = 100;

    /// <summary>Adds a workflow: services that depend on each other, run through <see cref="IWorkflowRunner"/>. Adding a name again extends that workflow. Its faults are found when the host starts, all at once.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name; 1 to 100 characters, no colon. With a request's id it is the key of a run: a workflow that is renamed does everything again.</param>
    /// <param name="configure">Settings.</param>
    /// <returns>A builder for its services.</returns>
    /// <exception cref="ArgumentException">The name is empty or too long, or has a colon.</exception>
    public static IWorkflowBuilder AddWorkflow(this IServiceCollection services, string name, Action<WorkflowOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ThrowUnlessName(name);
        (WorkflowRegistration workflow, bool added) = GetOrAddRegistry(services).GetOrAdd(name);
        if (added)
        {
            services.AddOptions<WorkflowOptions>(name).ValidateOnStart();
        }

        if (configure is not null)
        {
            services.Configure(name, configure);
        }

        return new WorkflowBuilder(services, workflow);
    }

    private static WorkflowRegistry GetOrAddRegistry(IServiceCollection services)
    {
        if (services.FirstOrDefault(descriptor => descriptor.ServiceType == typeof(WorkflowRegistry))?.ImplementationInstance is WorkflowRegistry existing)
        {
            return existing;
        }

        var registry = new WorkflowRegistry();
        services.AddSingleton(registry);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(HostIdentity.Current());
        services.TryAddSingleton<InMemoryWorkflowJournal>();
        services.TryAddSingleton<WorkflowCatalog>();
        services.TryAddSingleton(provider => new WorkflowMetrics(provider.GetService<IMeterFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<RunTools>();
        services.TryAddSingleton<ClaimedRuns>();
        services.TryAddSingleton<RunSignals>();
        services.TryAddSingleton<IWorkflowRunner, WorkflowRunner>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkflowOptions>, WorkflowOptionsValidator>());
        return registry;
    }

    private static void ThrowUnlessName(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength || name.Contains('\0') || name.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal))
        {
            throw new ArgumentException($"A workflow's name has 1 to {MaxNameLength} characters and no colon, not '{name}' ({name?.Length ?? 0}).", nameof(name));
        }
    }
}
