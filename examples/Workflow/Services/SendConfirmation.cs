using Orchestrator.Workflows;

namespace Workflow.Services;

/// <summary>Thanks the customer, who has left no address.</summary>
internal sealed class SendConfirmation(Crash crash) : IWorkflowService
{
    public ValueTask<object?> ExecuteAsync(WorkflowContext context, CancellationToken cancellationToken)
    {
        context.Warn("no e-mail address");
        crash.Behind(context.Service);
        return ValueTask.FromResult<object?>(null);
    }
}
