using System.Text.Json;

namespace Orchestrator.Workflows;

/// <summary>Settings of one workflow.</summary>
public sealed class WorkflowOptions
{
    /// <summary>
    /// For how long a host has a run to itself without saying so anew, by the journal's clock; it does so three times as often. A run whose host has died can go on elsewhere after this time.
    /// 1 second to 1 hour. Default: 30 s.
    /// </summary>
    public TimeSpan ClaimDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How payloads and responses are turned into JSON and back. Default: <see cref="JsonSerializerOptions.Web"/>.</summary>
    public JsonSerializerOptions JsonOptions { get; set; } = JsonSerializerOptions.Web;
}
