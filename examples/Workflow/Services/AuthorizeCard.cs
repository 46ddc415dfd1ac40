using Orchestrator.Workflows;

namespace Workflow.Services;

/// <summary>Asks whether the card is good for the amount.</summary>
internal sealed class AuthorizeCard(Crash crash) : IWorkflowService
{
    public ValueTask<object?> ExecuteAsync(WorkflowContext context, CancellationToken cancellationToken)
    {
        var authorization = new Authorization($"card of {context.RequestId}");
        crash.Behind(context.Service);
        return ValueTask.FromResult<object?>(authorization);
    }
}

/// <summary>The response: what the payment is taken from.</summary>
internal sealed record Authorization(string Card);
