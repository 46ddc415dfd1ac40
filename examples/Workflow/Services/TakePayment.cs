using Orchestrator.Workflows;

namespace Workflow.Services;

/// <summary>Takes the payment. It may be asked twice, and the key lets the bank tell.</summary>
internal sealed class TakePayment(Bank bank, Crash crash) : IWorkflowService
{
    public async ValueTask<object?> ExecuteAsync(WorkflowContext context, CancellationToken cancellationToken)
    {
        Order order = context.GetPayload<Order>()!;
        Receipt receipt = await bank.PayAsync(order.Total, context.IdempotencyKey, cancellationToken);
        crash.Behind(context.Service);
        return receipt;
    }
}
