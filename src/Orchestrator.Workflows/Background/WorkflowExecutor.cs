using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.Diagnostics;
using Orchestrator.Workflows.Journal;
using Orchestrator.Workflows.Running;

namespace Orchestrator.Workflows.Background;

/// <summary>Looks for runs that wait in the background, and works on a bounded number at the same time.</summary>
internal sealed class WorkflowExecutor(RunnableWorkflow workflow, ClaimedRuns claimedRuns, RunSignals signals, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _room = new(workflow.Definition.Options.MaxConcurrentRuns);
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    private WorkflowDefinition Definition => workflow.Definition;

    private WorkflowOptions Options => workflow.Definition.Options;

    /// <summary>Works until stopped; then until the runs in hand have ended, or are left for others.</summary>
    /// <param name="stopping">Takes no more runs.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        logger.ExecutorStarted(Definition.Name, Options.MaxConcurrentRuns);
        using var leave = new CancellationTokenSource();
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await _room.WaitAsync(stopping).ConfigureAwait(false);
                await LookAsync(stopping, leave.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }

        await DrainAsync(leave).ConfigureAwait(false);
    }

    public void Dispose() => _room.Dispose();

    private async Task LookAsync(CancellationToken stopping, CancellationToken leave)
    {
        Task begun = signals.Next(Definition.Name);
        WorkflowRun? run = await ClaimAsync().ConfigureAwait(false);
        if (run is not null)
        {
            Start(run, leave);
            return;
        }

        _room.Release();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(begun, Task.Delay(Options.PollInterval, time, either.Token)).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
    }

    // Not cancelled: a claim whose answer nobody waits for would keep its run from everybody until it expires.
    private async Task<WorkflowRun?> ClaimAsync()
    {
        try
        {
            return await claimedRuns.ClaimNextAsync(workflow, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            logger.LookFailed(exception, Definition.Name, Options.PollInterval);
            return null;
        }
    }

    private void Start(WorkflowRun run, CancellationToken leave)
    {
        Task task = Task.Run(() => WorkOnAsync(run, leave), CancellationToken.None);
        lock (_lock)
        {
            _running.RemoveWhere(static task => task.IsCompleted);
            _running.Add(task);
        }
    }

    private async Task WorkOnAsync(WorkflowRun run, CancellationToken leave)
    {
        try
        {
            Report(run, await claimedRuns.WorkOnAsync(workflow, run, run.Claim!, leave).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            // It was given back, and whoever looks next may take it: not at once, in case it fails again.
            logger.BackgroundRunInterrupted(exception, run.Start.Workflow, run.Start.RequestId);
            await Task.Delay(Options.PollInterval, time, leave).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _room.Release();
        }
    }

    private void Report(WorkflowRun run, WorkflowResult? result)
    {
        if (result is { Succeeded: true })
        {
            logger.BackgroundRunSucceeded(run.Start.Workflow, run.Start.RequestId);
        }
        else if (result is not null)
        {
            string services = string.Join(", ", result.Services.Where(service => service.Outcome == ServiceOutcome.Failed).Select(service => service.Service));
            logger.BackgroundRunFailed(run.Start.Workflow, run.Start.RequestId, services);
        }
    }

    private async Task DrainAsync(CancellationTokenSource leave)
    {
        Task all;
        lock (_lock)
        {
            all = Task.WhenAll(_running);
        }

        using var drained = new CancellationTokenSource();
        await Task.WhenAny(all, Task.Delay(Options.DrainTimeout, time, drained.Token)).ConfigureAwait(false);
        await drained.CancelAsync().ConfigureAwait(false);
        if (!all.IsCompleted)
        {
            lock (_lock)
            {
                logger.DrainTimedOut(Definition.Name, _running.Count(static task => !task.IsCompleted), Options.DrainTimeout);
            }

            await leave.CancelAsync().ConfigureAwait(false);
        }

        await all.ConfigureAwait(false);
    }
}
