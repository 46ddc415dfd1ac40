namespace Orchestrator.Workflows;

/// <summary>One step of a workflow: authorises a card, takes a payment, sends a message. Resolved from a new scope for every attempt.</summary>
public interface IWorkflowService
{
    /// <summary>Does the work. It may be asked again for the same request, after an error or a crash: whoever is called from here should get <see cref="WorkflowContext.IdempotencyKey"/>.</summary>
    /// <param name="context">The request, and the responses of the services that this one depends on.</param>
    /// <param name="cancellationToken">Cancelled when the run is, when the service's time limit is over, or when another host has taken the run over.</param>
    /// <returns>The response, which must be serialisable as JSON: those that depend on this service get what the journal holds of it. Null for none.</returns>
    ValueTask<object?> ExecuteAsync(WorkflowContext context, CancellationToken cancellationToken);
}
