using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.AspNetCore.Tests.Metrics;

/// <summary>A web host on a free port that runs two projections and shows their metrics.</summary>
internal sealed class CountingHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CountingHost(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>The types of the pages that Prometheus was given.</summary>
    public ConcurrentQueue<string?> GivenToPrometheus { get; } = new();

    public static async Task<CountingHost> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Services.AddProjectionOrchestrator(o => o.UseInMemory())
            .AddReplicaSet("main", replicaSet => replicaSet.RegistrationWaitTime = replicaSet.JoinQuietTime = TimeSpan.Zero)
                .AddProjection<All>()
                .AddProjection<Failing>();
        builder.Services.AddOrchestratorMetrics(metrics => metrics.AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"));
        WebApplication app = builder.Build();
        var host = new CountingHost(app);
        app.Use(async (context, next) =>
        {
            await next(context);
            if (context.Request.Headers.UserAgent.ToString().StartsWith("Prometheus/", StringComparison.Ordinal))
            {
                host.GivenToPrometheus.Enqueue(context.Response.ContentType);
            }
        });
        app.MapOrchestratorMetrics();
        await app.StartAsync();
        return host;
    }

    /// <summary>Appends events.</summary>
    public async Task AppendAsync(int count)
    {
        IEventStore events = _app.Services.GetRequiredService<IEventStore>();
        foreach (int number in Enumerable.Range(0, count))
        {
            await events.AppendAsync("Order", $"{number % 10}", ExpectedVersion.Any, [new EventData("Placed", "{}"u8.ToArray())]);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class All : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class Failing : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken) => throw new InvalidOperationException("Always.");
    }
}
