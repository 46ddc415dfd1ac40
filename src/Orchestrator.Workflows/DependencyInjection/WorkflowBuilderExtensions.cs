using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows;
using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.DependencyInjection;
using Orchestrator.Workflows.Diagnostics;
using Orchestrator.Workflows.Journal;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds services to a workflow, and says where its runs are kept.</summary>
public static class WorkflowBuilderExtensions
{
    /// <summary>Adds a service.</summary>
    /// <typeparam name="T">Resolved from a new scope for every attempt; registered as scoped unless it already is.</typeparam>
    /// <param name="builder">The workflow.</param>
    /// <param name="name">The service's name within the workflow, the key of its results; 1 to 200 characters.</param>
    /// <param name="configure">Says what it depends on, and when it is asked again.</param>
    /// <returns>The same builder.</returns>
    public static IWorkflowBuilder AddService<T>(this IWorkflowBuilder builder, string name, Action<WorkflowServiceBuilder>? configure = null)
        where T : class, IWorkflowService
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddScoped<T>();
        return Add(builder, name, static services => services.GetRequiredService<T>(), configure);
    }

    /// <summary>Adds a service that is a method.</summary>
    /// <param name="builder">The workflow.</param>
    /// <param name="name">The service's name within the workflow, the key of its results; 1 to 200 characters.</param>
    /// <param name="execute">Does the work, as <see cref="IWorkflowService.ExecuteAsync"/>.</param>
    /// <param name="configure">Says what it depends on, and when it is asked again.</param>
    /// <returns>The same builder.</returns>
    public static IWorkflowBuilder AddService(
        this IWorkflowBuilder builder, string name, Func<WorkflowContext, CancellationToken, ValueTask<object?>> execute, Action<WorkflowServiceBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(execute);
        var service = new DelegateService(execute);
        return Add(builder, name, _ => service, configure);
    }

    /// <summary>Keeps the workflow's runs in a journal. Default: one in memory, gone with the process, which all workflows of the host share.</summary>
    /// <param name="builder">The workflow.</param>
    /// <param name="journal">Gets the journal, once.</param>
    /// <returns>The same builder.</returns>
    public static IWorkflowBuilder UseJournal(this IWorkflowBuilder builder, Func<IServiceProvider, IWorkflowJournal> journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        RegistrationOf(builder).Journal = journal;
        return builder;
    }

    /// <summary>Keeps the workflow's runs in memory, and logs what happens in them.</summary>
    /// <param name="builder">The workflow.</param>
    /// <returns>The same builder.</returns>
    public static IWorkflowBuilder UseLoggingJournal(this IWorkflowBuilder builder) => builder.UseJournal(static services =>
        new LoggingWorkflowJournal(services.GetRequiredService<InMemoryWorkflowJournal>(), services.GetRequiredService<ILogger<LoggingWorkflowJournal>>()));

    private static IWorkflowBuilder Add(IWorkflowBuilder builder, string name, Func<IServiceProvider, IWorkflowService> resolve, Action<WorkflowServiceBuilder>? configure)
    {
        ArgumentNullException.ThrowIfNull(name);
        var settings = new WorkflowServiceBuilder();
        configure?.Invoke(settings);
        RegistrationOf(builder).Services.Add(new ServiceRegistration(name, settings, resolve));
        return builder;
    }

    private static WorkflowRegistration RegistrationOf(IWorkflowBuilder builder) =>
        builder is WorkflowBuilder known ? known.Workflow : throw new ArgumentException($"{builder?.GetType()} is not a builder of this library.", nameof(builder));
}
