namespace Orchestrator.Workflows.Journal;

/// <summary>What a run begins with.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="RequestId">The request's id: with the workflow's name, the run's identity.</param>
/// <param name="DefinitionHash">Tells graphs of services apart.</param>
public sealed record WorkflowRunStart(string Workflow, string RequestId, string DefinitionHash)
{
    /// <summary>The payload as JSON; null for none.</summary>
    public string? Payload { get; init; }

    /// <summary>The tenant, or null.</summary>
    public string? TenantId { get; init; }

    /// <summary>The organisation, or null.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Whether another start is about the same request.</summary>
    /// <param name="other">The other one, of the same workflow and id.</param>
    public bool IsSameRequest(WorkflowRunStart other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Payload == other.Payload && TenantId == other.TenantId && OrganizationId == other.OrganizationId;
    }
}
