using System.Diagnostics;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Workflows.Diagnostics;

/// <summary>Begins the activities of workflows, under the orchestrator's name; docs/workflows.md lists them. Nothing of a payload, a response, a request's id or an error's message is among the attributes.</summary>
internal static class WorkflowTracing
{
    // .NET finds listeners by the source's name, whichever host they belong to; the source itself knows nothing.
    private static readonly ActivitySource s_source = new(OrchestratorTelemetry.ActivitySourceName);

    /// <summary>This process works on a run.</summary>
    public static Activity? Run(string workflow) => s_source.StartActivity($"run {workflow}")?.SetTag("orchestrator.workflow", workflow);

    /// <summary>A service is asked.</summary>
    public static Activity? Attempt(string workflow, string service, int attempt) => s_source.StartActivity($"ask {service}")?
        .SetTag("orchestrator.workflow", workflow)
        .SetTag("orchestrator.workflow.service", service)
        .SetTag("orchestrator.workflow.attempt", attempt);

    /// <summary>It failed.</summary>
    public static void Failed(this Activity? activity, string errorType) => activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", errorType);
}
