using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;
using Orchestrator.Hosting.Configuration;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.Projections;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Support;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>A whole host with one projection that writes what it sees to the table <c>seen</c>; what it logs and what its health checks say.</summary>
internal sealed class HostUnderTest : IDisposable
{
    private readonly IHost _host;

    public HostUnderTest(
        string? connectionString, Action<PostgreSqlOptions>? options = null, TimeProvider? time = null, Action<IServiceCollection>? services = null, bool fromDataSource = false,
        Action<ReplicaSetOptions>? replicaSet = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(Log);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        services?.Invoke(builder.Services);

        // A test that puts the clock forward must not make its worker look dead.
        builder.Services.AddProjectionOrchestrator(o => _ = fromDataSource ? o.UsePostgreSql(options) : o.UsePostgreSql(connectionString, options))
            .AddReplicaSet("main", set =>
            {
                set.StaleWorkerTimeout = TimeSpan.FromMinutes(10);
                replicaSet?.Invoke(set);
            })
                .AddProjection<Seen>("seen");
        builder.Services.AddHealthChecks().AddProjectionOrchestrator();
        _host = builder.Build();
    }

    public RecordingLoggers Log { get; } = new();

    public IServiceProvider Services => _host.Services;

    /// <summary>Whether the host goes on: nothing has told it to stop.</summary>
    public bool Lives => !_host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    /// <summary>The messages of our errors so far; the health checks log theirs under smaller ids.</summary>
    public IReadOnlyList<string> Errors => [.. Log.Entries.Where(entry => entry.Level >= LogLevel.Error && entry.EventId >= 1000).Select(entry => entry.Message)];

    public Task MigrateAsync() => _host.MigrateOrchestratorAsync();

    public Task StartAsync() => _host.StartAsync();

    public Task StopAsync() => _host.StopAsync();

    public Task RunToEndAsync() => _host.RunProjectionsToEndAsync();

    public async Task AppendAsync(string aggregateId, int count)
    {
        EventData[] events = [.. Enumerable.Range(0, count).Select(_ => new EventData("Happened", "{}"u8.ToArray()))];
        await _host.Services.GetRequiredService<IEventStore>().AppendAsync("Thing", aggregateId, ExpectedVersion.Any, events);
    }

    /// <summary>Waits until an error with a text is logged.</summary>
    public async Task<string> ErrorAsync(string text)
    {
        await Eventually.HoldsAsync(() => Task.FromResult(Errors.Any(error => error.Contains(text, StringComparison.Ordinal))), $"an error with '{text}'; so far: {string.Join(" | ", Errors)}");
        return Errors.First(error => error.Contains(text, StringComparison.Ordinal));
    }

    public Task ReadyAsync() => Eventually.HoldsAsync(async () => (await ReadinessAsync()).Status == HealthStatus.Healthy);

    public Task<HealthReportEntry> ReadinessAsync() => CheckAsync("ready");

    /// <summary>What the check of a tag says: <c>live</c>, <c>ready</c> or <c>lag</c>.</summary>
    public async Task<HealthReportEntry> CheckAsync(string tag) =>
        (await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(registration => registration.Tags.Contains(tag))).Entries.Single().Value;

    public void Dispose() => _host.Dispose();

    private sealed class Seen(IEnumerable<HandlerGate> gates) : IProjection
    {
        public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            foreach (HandlerGate gate in gates)
            {
                await gate.PassAsync();
            }

            context.Enqueue("INSERT INTO seen VALUES ($1, $2)", e.AggregateId, e.AggregateVersion);
        }
    }
}
