using System.Security.Cryptography;
using System.Text.Json;

namespace Orchestrator.Workflows.Definitions;

/// <summary>A workflow as it runs: a graph without a cycle. Immutable.</summary>
internal sealed class WorkflowDefinition
{
    private WorkflowDefinition(string name, WorkflowOptions options, IReadOnlyList<ServiceDefinition> services)
    {
        Name = name;
        Options = options;
        Services = services;
        InOrder = Sort(services);
        Hash = HashOf(services);
    }

    public string Name { get; }

    public WorkflowOptions Options { get; }

    public TimeSpan ClaimDuration => Options.ClaimDuration;

    public JsonSerializerOptions Json => Options.JsonOptions;

    /// <summary>The services as they were added.</summary>
    public IReadOnlyList<ServiceDefinition> Services { get; }

    /// <summary>The same, each behind all that it depends on.</summary>
    public IReadOnlyList<ServiceDefinition> InOrder { get; }

    /// <summary>Differs where names or dependencies do, and only there: retries and limits may change while a run is on its way.</summary>
    public string Hash { get; }

    /// <summary>Makes a workflow that has no faults (<see cref="DefinitionFaults"/>).</summary>
    public static WorkflowDefinition From(WorkflowRegistration workflow, WorkflowOptions options) => new(workflow.Name, options,
    [
        .. workflow.Services.Select(service => new ServiceDefinition(
            service.Name, [.. service.Settings.Dependencies], RetryPolicy.From(service.Settings.RetryOptions), service.Settings.Limit, service.Resolve)),
    ]);

    private static List<ServiceDefinition> Sort(IReadOnlyList<ServiceDefinition> services)
    {
        var sorted = new List<ServiceDefinition>(services.Count);
        var done = new HashSet<string>(StringComparer.Ordinal);
        while (sorted.Count < services.Count)
        {
            ServiceDefinition[] ready = [.. services.Where(service => !done.Contains(service.Name) && service.Dependencies.All(dependency => done.Contains(dependency.Service)))];
            sorted.AddRange(ready);
            done.UnionWith(ready.Select(service => service.Name));
        }

        return sorted;
    }

    // The order in which services and dependencies were added makes no difference.
    private static string HashOf(IReadOnlyList<ServiceDefinition> services)
    {
        var graph = services.OrderBy(service => service.Name, StringComparer.Ordinal).Select(service => new object[]
        {
            service.Name,
            service.Dependencies.OrderBy(dependency => dependency.Service, StringComparer.Ordinal).Select(dependency => new[] { dependency.Service, dependency.OnFailure.ToString() }),
        });
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(graph)));
    }
}
