using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.Running;

namespace Orchestrator.Workflows.Background;

/// <summary>Ties the executor of one workflow to the host's life. Hosted services stop one after another; every executor begins to drain at once, when the host says that it stops.</summary>
internal sealed class WorkflowExecutorService(string workflow, IServiceProvider services, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        using WorkflowExecutor executor = Create();
        await executor.RunAsync(stop.Token).ConfigureAwait(false);
    }

    // Here and not in the constructor: the host makes its services before it validates options, and all faults are to be reported at once.
    private WorkflowExecutor Create() => new(
        services.GetRequiredService<WorkflowCatalog>().Get(workflow),
        services.GetRequiredService<ClaimedRuns>(),
        services.GetRequiredService<RunSignals>(),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<WorkflowExecutor>>());
}
