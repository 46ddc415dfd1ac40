using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Tests.Support;
using Orchestrator.Workflows.DependencyInjection;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Tests.Support;

/// <summary>A host that runs the workflow "test" for every event of the type "Placed": on PostgreSQL, or in memory shared with others.</summary>
internal sealed class BackgroundHost : IAsyncDisposable
{
    private readonly IHost _host;

    public BackgroundHost(Action<IWorkflowBuilder> workflow, Action<WorkflowOptions>? configure, InMemoryDatabase database, IWorkflowJournal journal) =>
        _host = Build(workflow, configure, builder => builder.AddProjectionOrchestrator(o => o.UseInMemory(database)).AddReplicaSet("main").AddWorkflow("test", on: "Placed"), builder => builder.UseJournal(_ => journal));

    public BackgroundHost(Action<IWorkflowBuilder> workflow, string connectionString) =>
        _host = Build(workflow, options => options.PollInterval = TimeSpan.FromMilliseconds(100), builder => builder.AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString)).AddReplicaSet("main").AddWorkflow("test", on: "Placed"), builder => builder.UsePostgreSqlJournal());

    public RecordingLoggers Logs { get; } = new();

    public IHost Host => _host;

    public Task StartAsync() => _host.StartAsync();

    public Task StopAsync() => _host.StopAsync();

    /// <summary>Appends events whose payloads are the numbers from one.</summary>
    public async Task AppendAsync(int events)
    {
        IEventStore store = _host.Services.GetRequiredService<IEventStore>();
        await store.AppendAsync("Order", Guid.NewGuid().ToString(), ExpectedVersion.NoStream, [.. Enumerable.Range(1, events).Select(number => new EventData("Placed", System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(number)))]);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private IHost Build(Action<IWorkflowBuilder> workflow, Action<WorkflowOptions>? configure, Action<IServiceCollection> orchestrator, Action<IWorkflowBuilder> journal)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<ILoggerFactory>(Logs);
        orchestrator(builder.Services);
        IWorkflowBuilder test = builder.Services.AddWorkflow("test", configure);
        journal(test);
        workflow(test);
        return builder.Build();
    }
}
