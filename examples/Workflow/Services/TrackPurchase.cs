using Orchestrator.Workflows;

namespace Workflow.Services;

/// <summary>Adds the sale to the figures.</summary>
internal sealed class TrackPurchase(Crash crash) : IWorkflowService
{
    public ValueTask<object?> ExecuteAsync(WorkflowContext context, CancellationToken cancellationToken)
    {
        Receipt receipt = context.GetResponse<Receipt>("payments")!;
        crash.Behind(context.Service);
        return ValueTask.FromResult<object?>(receipt.Amount);
    }
}
