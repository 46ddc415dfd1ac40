namespace Orchestrator.Workflows.DependencyInjection;

/// <summary>A service that is a method.</summary>
internal sealed class DelegateService(Func<WorkflowContext, CancellationToken, ValueTask<object?>> execute) : IWorkflowService
{
    public ValueTask<object?> ExecuteAsync(WorkflowContext context, CancellationToken cancellationToken) => execute(context, cancellationToken);
}
