using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Running;

/// <summary>Whether a service is skipped. Depends on the graph and on how its dependencies ended, never on the order in which they did.</summary>
internal static class SkipCause
{
    /// <summary>The failed service because of which a service is skipped; null when it runs. Every dependency has ended.</summary>
    public static string? Of(ServiceDefinition service, RunHistory history) => service.Dependencies
        .Where(dependency => dependency.OnFailure == DependencyFailure.Skip)
        .Select(dependency => history.ResultOf(dependency.Service)!)
        .Where(result => result.Outcome != ServiceOutcome.Succeeded)
        .Select(result => result.SkippedBecauseOf ?? result.Service)
        .FirstOrDefault();
}
