namespace Orchestrator.Workflows;

/// <summary>A run was begun with another graph of services, and has not ended: which of its services still make sense, nobody can tell.</summary>
public sealed class WorkflowDefinitionChangedException : Exception
{
    internal WorkflowDefinitionChangedException(string workflow, string requestId)
        : base($"The run '{requestId}' of the workflow '{workflow}' was begun with other services or dependencies, and has not ended. Let a host with the old definition end it, or give the changed workflow another name.")
    {
    }
}
