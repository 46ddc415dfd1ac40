using System.Diagnostics;
using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.Diagnostics;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Running;

/// <summary>Works on runs for as long as the claim on them holds.</summary>
internal sealed class ClaimedRuns(HostIdentity host, RunTools tools)
{
    /// <summary>Claims the oldest run that waits in the background; null when none does.</summary>
    public ValueTask<WorkflowRun?> ClaimNextAsync(RunnableWorkflow workflow, CancellationToken cancellationToken) =>
        workflow.Journal.ClaimNextAsync(workflow.Definition.Name, workflow.Definition.Hash, host.Name, workflow.Definition.ClaimDuration, cancellationToken);

    /// <summary>Works on a run to its end.</summary>
    /// <returns>The result; null when the claim was lost on the way.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the run can be claimed again at once.</exception>
    public async Task<WorkflowResult?> WorkOnAsync(RunnableWorkflow workflow, WorkflowRun run, WorkflowClaim claim, CancellationToken cancellationToken)
    {
        var keeper = new ClaimKeeper(workflow, run.Start, claim, tools.Time, tools.Logger);
        await using (keeper.ConfigureAwait(false))
        {
            try
            {
                return await RunAsync(workflow, run, claim, keeper.Lost, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is WorkflowClaimLostException || (keeper.Lost.IsCancellationRequested && exception is OperationCanceledException))
            {
                tools.Metrics.ClaimLost(run.Start.Workflow);
                tools.Logger.ClaimLost(run.Start.Workflow, run.Start.RequestId, claim.Token);
                cancellationToken.ThrowIfCancellationRequested();
                return null;
            }
            catch
            {
                await ReleaseAsync(workflow, run, claim, keeper.Lost).ConfigureAwait(false);
                throw;
            }
        }
    }

    private async Task<WorkflowResult> RunAsync(RunnableWorkflow workflow, WorkflowRun run, WorkflowClaim claim, CancellationToken lost, CancellationToken cancellationToken)
    {
        long begun = tools.Metrics.Now;
        using Activity? activity = WorkflowTracing.Run(run.Start.Workflow);
        var history = new RunHistory(workflow.Definition.Json, run.Entries);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lost);
        var attempts = new AttemptRunner(workflow.Definition, run.Start, tools);
        await new RunExecution(workflow.Definition, new RunJournal(workflow.Journal, claim, history), attempts, tools.Time, lost).RunAsync(stop).ConfigureAwait(false);
        WorkflowResult result = history.Result(run.Start.Workflow, run.Start.RequestId, workflow.Definition.Services.Select(service => service.Name));
        await workflow.Journal.FinishAsync(claim, result.Succeeded ? WorkflowRunStatus.Succeeded : WorkflowRunStatus.Failed, lost).ConfigureAwait(false);
        tools.Metrics.RunEnded(run.Start.Workflow, result.Succeeded, begun);
        if (!result.Succeeded)
        {
            activity.Failed("service_failed");
        }

        return result;
    }

    // Whoever comes next need not wait for the claim to expire. Where this fails, that is all that is lost.
    private async Task ReleaseAsync(RunnableWorkflow workflow, WorkflowRun run, WorkflowClaim claim, CancellationToken lost)
    {
        try
        {
            await workflow.Journal.ReleaseAsync(claim, lost).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            tools.Logger.ReleaseFailed(exception, run.Start.Workflow, run.Start.RequestId, claim.Token);
        }
    }
}
