using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.AspNetCore.Metrics;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the metrics endpoint that Prometheus scrapes.</summary>
public static class OrchestratorMetricsEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps a page with every metric of <c>AddOrchestratorMetrics()</c>: in the OpenMetrics text format 1.0.0 for who accepts it, else in the Prometheus text format 0.0.4. Whoever reaches the
    /// page may read it: add <c>.RequireAuthorization()</c> or <c>.RequireHost("*:9090")</c> to what is returned. It holds names and numbers, never payloads.
    /// </summary>
    /// <param name="endpoints">The application, or a group of routes.</param>
    /// <param name="pattern">The path. Default: <c>/metrics</c>.</param>
    /// <returns>The endpoint, to configure further.</returns>
    /// <exception cref="InvalidOperationException"><c>AddOrchestratorMetrics()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapOrchestratorMetrics(this IEndpointRouteBuilder endpoints, string pattern = "/metrics")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        MetricsCollector metrics = endpoints.ServiceProvider.GetService<MetricsCollector>()
            ?? throw new InvalidOperationException("The orchestrator's metrics are missing: call builder.Services.AddOrchestratorMetrics() before MapOrchestratorMetrics().");

        return endpoints.MapGet(pattern, context => WriteAsync(context, metrics)).WithDisplayName("Orchestrator metrics").ExcludeFromDescription();
    }

    private static async Task WriteAsync(HttpContext context, MetricsCollector metrics)
    {
        MetricsFormat format = MetricsFormat.AskedForBy(context.Request);
        ReadOnlyMemory<byte> page = await metrics.CollectAsync(format, context.RequestAborted);
        context.Response.ContentType = format.ContentType;
        context.Response.ContentLength = page.Length;
        context.Response.Headers.Vary = "Accept";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(page, context.RequestAborted);
    }
}
