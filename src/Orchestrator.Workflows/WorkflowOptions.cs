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

    /// <summary>How many runs of the workflow that events have begun this host works on at the same time; 1 to 1000. Default: 8.</summary>
    public int MaxConcurrentRuns { get; set; } = 8;

    /// <summary>How often a host that has room looks for runs that events have begun; one that begins a run itself looks at once. 10 ms to 1 hour. Default: 1 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long runs in hand may go on when the host stops, before they are cancelled and left for others. 0 to 10 minutes; keep it below the host's <c>ShutdownTimeout</c> (30 s). Default: 20 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How payloads and responses are turned into JSON and back. Default: <see cref="JsonSerializerOptions.Web"/>.</summary>
    public JsonSerializerOptions JsonOptions { get; set; } = JsonSerializerOptions.Web;
}
