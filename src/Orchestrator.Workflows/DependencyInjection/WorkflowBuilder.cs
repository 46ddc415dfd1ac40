using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Workflows.Definitions;

namespace Orchestrator.Workflows.DependencyInjection;

/// <summary>The builder of one workflow.</summary>
internal sealed class WorkflowBuilder(IServiceCollection services, WorkflowRegistration workflow) : IWorkflowBuilder
{
    public IServiceCollection Services => services;

    public string Name => workflow.Name;

    public WorkflowRegistration Workflow => workflow;
}
