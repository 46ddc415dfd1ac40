using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Orchestrator.AspNetCore.Health;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the health endpoints that probes ask.</summary>
public static class OrchestratorHealthEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps <c>/health/live</c> (every check tagged <c>live</c>: would a restart help?), <c>/health/ready</c> (every check tagged <c>ready</c>) and <c>/health/lag</c> (every check tagged <c>lag</c>: how late
    /// projections are; for people and alerts, not for probes). 200 for healthy and degraded, 503 for unhealthy; the body is JSON with the causes, and is never cached. The application's own checks with these
    /// tags are asked too; of them the body has name and status only.
    /// </summary>
    /// <param name="endpoints">The application, or a group of routes.</param>
    /// <param name="prefix">What stands in front of <c>/live</c>, <c>/ready</c> and <c>/lag</c>. Default: <c>/health</c>.</param>
    /// <returns>The endpoints, to configure further: who may ask, on which host or port.</returns>
    /// <exception cref="InvalidOperationException"><c>AddHealthChecks().AddProjectionOrchestrator()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapOrchestratorHealth(this IEndpointRouteBuilder endpoints, string prefix = "/health")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrWhiteSpace(prefix);
        HealthCheckServiceOptions? checks = endpoints.ServiceProvider.GetService<IOptions<HealthCheckServiceOptions>>()?.Value;
        if (checks?.Registrations.Any(check => check.Name == "orchestrator-live") != true)
        {
            throw new InvalidOperationException("The orchestrator's health checks are missing: call builder.Services.AddHealthChecks().AddProjectionOrchestrator() before MapOrchestratorHealth().");
        }

        RouteGroupBuilder group = endpoints.MapGroup(prefix);
        foreach (string tag in new[] { "live", "ready", "lag" })
        {
            group.MapHealthChecks($"/{tag}", new HealthCheckOptions { Predicate = check => check.Tags.Contains(tag), ResponseWriter = HealthResponse.WriteAsync });
        }

        return group;
    }
}
