using Orchestrator.Workflows;

namespace Workflow.Services;

/// <summary>Puts the articles aside.</summary>
internal sealed class ReserveStock(Crash crash) : IWorkflowService
{
    public ValueTask<object?> ExecuteAsync(WorkflowContext context, CancellationToken cancellationToken)
    {
        Order order = context.GetPayload<Order>()!;
        crash.Behind(context.Service);
        return ValueTask.FromResult<object?>($"{order.Quantity} of {order.Article}");
    }
}
