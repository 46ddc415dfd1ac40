namespace Orchestrator.Workflows;

/// <summary>What became of a run.</summary>
public sealed class WorkflowResult
{
    internal WorkflowResult(string workflow, string requestId, IReadOnlyList<ServiceResult> services)
    {
        Workflow = workflow;
        RequestId = requestId;
        Services = services;
    }

    /// <summary>The workflow's name.</summary>
    public string Workflow { get; }

    /// <summary>The request's id.</summary>
    public string RequestId { get; }

    /// <summary>Every service of the workflow, in the order in which they were added.</summary>
    public IReadOnlyList<ServiceResult> Services { get; }

    /// <summary>Whether every service has succeeded: none failed, none was skipped.</summary>
    public bool Succeeded => Services.All(service => service.Outcome == ServiceOutcome.Succeeded);

    /// <summary>What the services warned of, in their order.</summary>
    public IEnumerable<string> Warnings => Services.SelectMany(service => service.Warnings);

    /// <summary>The result of one service.</summary>
    /// <param name="service">Its name.</param>
    /// <exception cref="KeyNotFoundException">The workflow has no such service.</exception>
    public ServiceResult this[string service] =>
        Services.FirstOrDefault(result => result.Service == service) ?? throw new KeyNotFoundException($"The workflow '{Workflow}' has no service '{service}'.");

    /// <summary>Throws unless every service has succeeded.</summary>
    /// <returns>This result.</returns>
    /// <exception cref="WorkflowFailedException">A service failed; the message names each that failed or was skipped.</exception>
    public WorkflowResult EnsureSucceeded() => Succeeded ? this : throw new WorkflowFailedException(this);
}
