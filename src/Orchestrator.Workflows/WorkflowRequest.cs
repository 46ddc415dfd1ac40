namespace Orchestrator.Workflows;

/// <summary>What a workflow is asked to do.</summary>
public sealed class WorkflowRequest
{
    private const int MaxIdLength = 200;

    /// <summary>Creates a request.</summary>
    /// <param name="id">The run's identity within its workflow; 1 to 200 characters. The same id is the same run, for ever.</param>
    /// <param name="payload">What the services need to know, serialisable as JSON; null for nothing.</param>
    /// <exception cref="ArgumentException">The id is empty, blank, too long or has a NUL.</exception>
    public WorkflowRequest(string id, object? payload = null)
    {
        if (string.IsNullOrWhiteSpace(id) || id.Length > MaxIdLength || id.Contains('\0'))
        {
            throw new ArgumentException($"A request's id has 1 to {MaxIdLength} characters, not '{id}' ({id?.Length ?? 0}).", nameof(id));
        }

        Id = id;
        Payload = payload;
    }

    /// <summary>The run's identity within its workflow.</summary>
    public string Id { get; }

    /// <summary>What the services need to know; null for nothing.</summary>
    public object? Payload { get; }

    /// <summary>The tenant that the request belongs to. Part of the request: the same id for another tenant is refused. Default: null.</summary>
    public string? TenantId { get; init; }

    /// <summary>The organisation that the request belongs to, in the same way. Default: null.</summary>
    public string? OrganizationId { get; init; }
}
