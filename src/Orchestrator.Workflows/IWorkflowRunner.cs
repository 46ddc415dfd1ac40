using System.Text.Json;

namespace Orchestrator.Workflows;

/// <summary>Runs workflows.</summary>
public interface IWorkflowRunner
{
    /// <summary>
    /// Runs a workflow for a request and waits for its end. The request's id is the run's identity: called again with the same id, after a crash too, services that have ended are taken from the journal and
    /// the others go on. While another host runs it, this waits for that one's result.
    /// </summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops waiting and retrying at once, and the services as soon as they heed their token. The run stays as it is, and goes on when it is run again.</param>
    /// <returns>What became of every service; a failed service is no exception here: <see cref="WorkflowResult.EnsureSucceeded"/> makes it one.</returns>
    /// <exception cref="ArgumentException">There is no such workflow.</exception>
    /// <exception cref="WorkflowRequestConflictException">The same id was used before, with another payload, tenant or organisation.</exception>
    /// <exception cref="WorkflowDefinitionChangedException">The run was begun with another graph of services, and has not ended.</exception>
    /// <exception cref="NotSupportedException">The payload cannot be serialised.</exception>
    /// <exception cref="JsonException">The payload cannot be serialised.</exception>
    Task<WorkflowResult> RunAsync(string workflow, WorkflowRequest request, CancellationToken cancellationToken = default);
}
