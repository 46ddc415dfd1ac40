using System.Text.Json;
using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Running;

/// <summary>Turns a request into what a run begins with.</summary>
internal static class RunRequest
{
    /// <summary>The start of a run.</summary>
    /// <exception cref="NotSupportedException">The payload cannot be serialised.</exception>
    public static WorkflowRunStart StartOf(WorkflowDefinition definition, WorkflowRequest request) => new(definition.Name, request.Id, definition.Hash)
    {
        Payload = request.Payload is null ? null : JsonSerializer.Serialize(request.Payload, request.Payload.GetType(), definition.Json),
        TenantId = request.TenantId,
        OrganizationId = request.OrganizationId,
    };
}
