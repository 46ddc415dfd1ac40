namespace Orchestrator.Workflows;

/// <summary>A request's id was used before, for another request.</summary>
public sealed class WorkflowRequestConflictException : Exception
{
    internal WorkflowRequestConflictException(string workflow, string requestId)
        : base($"The workflow '{workflow}' knows the request '{requestId}' with another payload, tenant or organisation. An id belongs to one request for ever: give this one another.")
    {
    }
}
