using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.AspNetCore.Tests.Secrets;

/// <summary>A host with everything by which it can be observed, and handlers that fail in every way with a value that is nobody's business.</summary>
internal sealed class SecretSite(WebApplication app, EverythingThatComesOut said) : IAsyncDisposable
{
    private static readonly string[] s_pages = ["/health/live", "/health/ready", "/health/lag", "/metrics"];

    public IEventStore Store => app.Services.GetRequiredService<IEventStore>();

    public static async Task<SecretSite> StartAsync(string connectionString, EverythingThatComesOut said)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(new Unowned(said));
        builder.Services.AddOrchestratorMetrics();
        builder.Services.AddHealthChecks().AddProjectionOrchestrator();
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString)).AddReplicaSet("main", set =>
            {
                set.TraceEvents = true;
                set.Retry.MaxAttempts = 2;
                set.Retry.InitialDelay = TimeSpan.Zero;
            })
            .AddProjection<Good>("good")
            .AddProjection<Poisoned>("poisoned")
            .AddProjection<Unwritable>("unwritable")
            .AddProjection<Twice>("twice");
        WebApplication app = builder.Build();
        app.MapOrchestratorHealth();
        app.MapOrchestratorMetrics();
        await app.StartAsync();
        return new SecretSite(app, said);
    }

    /// <summary>Asks every page, and the health checks themselves.</summary>
    public async Task AskAsync()
    {
        using HttpClient client = app.GetTestClient();
        foreach (string page in s_pages)
        {
            HttpResponseMessage response = await client.GetAsync(page);
            said.Add("page", $"{page} {response.Headers} {await response.Content.ReadAsStringAsync()}");
        }

        HealthReport report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        foreach ((string name, HealthReportEntry entry) in report.Entries)
        {
            said.Add("health", $"{name} {entry.Status} {entry.Description} {string.Join(' ', entry.Data.Select(data => $"{data.Key}={data.Value}"))} {entry.Exception}");
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    // A host disposes its providers, and several hosts tell the same one.
    private sealed class Unowned(ILogger said) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => said;

        public void Dispose()
        {
            // Its owner does.
        }
    }

    private sealed class Good : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.Enqueue("INSERT INTO good VALUES ($1, $2)", e.EventId, e.Payload.ToArray());
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Poisoned : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken) => throw new InvalidOperationException("The handler does not like it.");
    }

    private sealed class Unwritable : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.Enqueue("INSERT INTO good VALUES ($1, $2)", e.EventId, new { Secret = SecretsTests.Payload });
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Twice : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.Enqueue("INSERT INTO twice VALUES ($1)", SecretsTests.Payload);
            return ValueTask.CompletedTask;
        }
    }
}
