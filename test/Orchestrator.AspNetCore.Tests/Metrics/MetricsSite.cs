using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace Orchestrator.AspNetCore.Tests.Metrics;

/// <summary>A host with the endpoint, and a meter that a test fills.</summary>
internal sealed class MetricsSite : IAsyncDisposable
{
    public const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    public const string Text = "text/plain; version=0.0.4; charset=utf-8";

    private readonly WebApplication _app;

    private MetricsSite(WebApplication app, string meterName)
    {
        _app = app;
        Meter = app.Services.GetRequiredService<IMeterFactory>().Create(meterName);
    }

    /// <summary>The test's meter, which the page shows.</summary>
    public Meter Meter { get; }

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => _app.Services;

    public static async Task<MetricsSite> StartAsync(Action<MeterProviderBuilder>? configure = null, string meterName = "Test.Meter")
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddOrchestratorMetrics(metrics => metrics.AddMeter(meterName));
        builder.Services.AddOrchestratorMetrics(configure);
        WebApplication app = builder.Build();
        app.MapOrchestratorMetrics();
        await app.StartAsync();
        return new MetricsSite(app, meterName);
    }

    /// <summary>Asks for the page.</summary>
    /// <param name="accept">The header of that name; null: none.</param>
    /// <returns>The page's type, and its lines.</returns>
    public async Task<(string? ContentType, string[] Lines)> GetAsync(string? accept = null)
    {
        using HttpClient client = _app.GetTestClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using HttpResponseMessage response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        string page = await response.Content.ReadAsStringAsync();
        Assert.That(page, Is.Empty.Or.EndsWith("\n"));
        return (response.Content.Headers.ContentType?.ToString(), page.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
