using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Events;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;
using Orchestrator.Projections;
using Orchestrator.Testing;

namespace Orchestrator.MicroBenchmarks;

/// <summary>Reading a page of 1,000 events from PostgreSQL and making objects of its rows; figures an event.</summary>
public class PageReading
{
    private const int Events = 1_000;

    private PostgreSqlServer? _server;
    private ServiceProvider? _services;
    private IEventLog? _log;

    // BenchmarkDotNet does not wait for a task here, in this process.
    [GlobalSetup]
    public void Start() => StartAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Stop() => StopAsync().GetAwaiter().GetResult();

    [Benchmark(OperationsPerInvoke = Events, Description = "read a page from PostgreSQL")]
    public async Task<EventPage> ReadAsync() => await _log!.ReadAsync(new EventPageRequest(0, SlotSet.All, Events, MaxBytes: 4 * 1024 * 1024, EventFilter.All), CancellationToken.None);

    private async Task StartAsync()
    {
        _server = await PostgreSqlServer.StartAsync(new PostgreSqlServerOptions());
        string connectionString = await _server.CreateDatabaseAsync("micro");
        var services = new ServiceCollection();
        services.AddLogging().AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString));
        _services = services.BuildServiceProvider();
        await _services.MigrateOrchestratorAsync();
        await SampleEvents.AppendAsync(_services.GetRequiredService<IEventStore>(), 2 * Events);
        _log = _services.GetRequiredService<IEventLog>();
    }

    private async Task StopAsync()
    {
        await _services!.DisposeAsync();
        await _server!.DisposeAsync();
    }
}
