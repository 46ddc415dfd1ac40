using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Tests.Support;
using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.DependencyInjection;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Tests.Support;

/// <summary>An application with one workflow, "test", on a clock that stands still unless a test moves it.</summary>
internal sealed class WorkflowHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public WorkflowHost(Action<IWorkflowBuilder> workflow, IWorkflowJournal? journal = null, TimeProvider? time = null, Action<WorkflowOptions>? configure = null)
    {
        TimeProvider clock = time ?? new ManualTime();
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddSingleton(clock);
        services.AddSingleton<ILoggerFactory>(Logs);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        IWorkflowBuilder builder = services.AddWorkflow("test", configure);
        if (journal is not null)
        {
            builder.UseJournal(_ => journal);
        }

        workflow(builder);
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public ManualTime Time => (ManualTime)_services.GetRequiredService<TimeProvider>();

    public RecordingLoggers Logs { get; } = new();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public IWorkflowRunner Runner => _services.GetRequiredService<IWorkflowRunner>();

    public WorkflowDefinition Definition => _services.GetRequiredService<WorkflowCatalog>().Get("test").Definition;

    public Task<WorkflowResult> RunAsync(string requestId = "1", object? payload = null, CancellationToken cancellationToken = default) =>
        Runner.RunAsync("test", new WorkflowRequest(requestId, payload), cancellationToken);

    /// <summary>Runs, and lets time pass until the run has ended.</summary>
    public async Task<WorkflowResult> RunToEndAsync(string requestId = "1", object? payload = null)
    {
        Task<WorkflowResult> run = RunAsync(requestId, payload);
        await PassTimeUntilAsync(run);
        return await run;
    }

    /// <summary>Lets time pass, fifty milliseconds at a time, until a task has ended in whatever way.</summary>
    public Task PassTimeUntilAsync(Task task) => Eventually.HoldsAsync(() =>
    {
        if (!task.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        return Task.FromResult(task.IsCompleted);
    });

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
