using System.Text.Json;

namespace Orchestrator.Workflows;

/// <summary>What a service gets for one attempt. Valid until the attempt has ended.</summary>
public sealed class WorkflowContext
{
    private readonly Lock _lock = new();
    private readonly List<string> _warnings = [];
    private readonly string? _payload;
    private readonly IReadOnlyDictionary<string, ServiceResult> _dependencies;
    private readonly JsonSerializerOptions _json;

    internal WorkflowContext(string? payload, IReadOnlyDictionary<string, ServiceResult> dependencies, JsonSerializerOptions json)
    {
        _payload = payload;
        _dependencies = dependencies;
        _json = json;
    }

    /// <summary>The workflow's name.</summary>
    public required string Workflow { get; init; }

    /// <summary>The service's name within the workflow.</summary>
    public required string Service { get; init; }

    /// <summary>The request's id.</summary>
    public required string RequestId { get; init; }

    /// <summary>The tenant that the request belongs to, or null.</summary>
    public required string? TenantId { get; init; }

    /// <summary>The organisation that the request belongs to, or null.</summary>
    public required string? OrganizationId { get; init; }

    /// <summary>The attempt's number: 1, 2, 3, ..., counted over restarts too.</summary>
    public required int Attempt { get; init; }

    /// <summary>The key under which this service does something for this request: the same for every attempt on every host, so that whoever is asked twice can tell. See <see cref="WorkflowIdempotencyKey.Of"/>.</summary>
    public required Guid IdempotencyKey { get; init; }

    /// <summary>The attempt's dependency-injection scope.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>What was warned of so far.</summary>
    internal IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_lock)
            {
                return [.. _warnings];
            }
        }
    }

    /// <summary>The request's payload.</summary>
    /// <typeparam name="T">What it is read as.</typeparam>
    /// <returns>The payload; the type's default where the request has none.</returns>
    /// <exception cref="JsonException">The payload is not of this type.</exception>
    public T? GetPayload<T>() => _payload is null ? default : JsonSerializer.Deserialize<T>(_payload, _json);

    /// <summary>The result of a service that this one depends on.</summary>
    /// <param name="dependency">Its name.</param>
    /// <returns>The result; not always a success where the dependency was declared with <see cref="DependencyFailure.Continue"/>.</returns>
    /// <exception cref="ArgumentException">This service does not depend on it.</exception>
    public ServiceResult GetResult(string dependency) => _dependencies.TryGetValue(dependency, out ServiceResult? result)
        ? result
        : throw new ArgumentException($"The service '{Service}' does not depend on '{dependency}': say so with DependsOn(\"{dependency}\"), or it may not have run yet.", nameof(dependency));

    /// <summary>The response of a service that this one depends on.</summary>
    /// <typeparam name="T">What it is read as.</typeparam>
    /// <param name="dependency">Its name.</param>
    /// <returns>The response; the type's default where it gave none.</returns>
    /// <exception cref="ArgumentException">This service does not depend on it.</exception>
    /// <exception cref="InvalidOperationException">The dependency has not succeeded.</exception>
    /// <exception cref="JsonException">The response is not of this type.</exception>
    public T? GetResponse<T>(string dependency) => GetResult(dependency).GetResponse<T>();

    /// <summary>Adds a warning to the journal and to the result, with the attempt's outcome.</summary>
    /// <param name="warning">The warning.</param>
    public void Warn(string warning)
    {
        ArgumentException.ThrowIfNullOrEmpty(warning);
        lock (_lock)
        {
            _warnings.Add(warning);
        }
    }
}
