using Microsoft.Extensions.Hosting;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Workflows.Background;
using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets events begin runs of workflows.</summary>
public static class WorkflowReplicaSetBuilderExtensions
{
    /// <summary>
    /// Begins a run of a workflow for every event of a type: the projection <c>workflow-&lt;name&gt;</c> writes it to the workflow's journal in the transaction that moves its checkpoint, under the event's id and with the
    /// event's payload, which must be JSON. The hosts that call this then work on these runs, <see cref="Orchestrator.Workflows.WorkflowOptions.MaxConcurrentRuns"/> at the same time each. Use a journal in the same database:
    /// what is kept in memory is gone with the process, and the events are not read again.
    /// </summary>
    /// <param name="builder">The replica set.</param>
    /// <param name="workflow">The workflow's name; its services are added by <c>services.AddWorkflow(name)</c>, before or behind this.</param>
    /// <param name="on">The event type, compared exactly.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The name or the event type is empty, or the replica set begins runs of this workflow already.</exception>
    public static IReplicaSetBuilder AddWorkflow(this IReplicaSetBuilder builder, string workflow, string on)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(on);
        WorkflowRegistration registration = ((WorkflowBuilder)builder.Services.AddWorkflow(workflow)).Workflow;
        builder.AddProjection<WorkflowStarter>(WorkflowStarter.ProjectionOf(workflow), options => options.EventTypes.Add(on));
        if (!registration.HasExecutor)
        {
            registration.HasExecutor = true;

            // Not AddHostedService: it registers a type once, and there is one service a workflow.
            builder.Services.AddSingleton<IHostedService>(services => new WorkflowExecutorService(workflow, services, services.GetRequiredService<IHostApplicationLifetime>()));
        }

        return builder;
    }
}
