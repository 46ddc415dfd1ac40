using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Running;

/// <summary>Claims a run and works on it, or waits for whoever has it.</summary>
internal sealed class WorkflowRunner(WorkflowCatalog catalog, ClaimedRuns claimedRuns, HostIdentity host, TimeProvider time) : IWorkflowRunner
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);

    public async Task<WorkflowResult> RunAsync(string workflow, WorkflowRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RunnableWorkflow runnable = catalog.Get(workflow);
        WorkflowRunStart start = RunRequest.StartOf(runnable.Definition, request);
        for (TimeSpan pause = s_firstPause; ; pause = Longer(pause))
        {
            cancellationToken.ThrowIfCancellationRequested();
            WorkflowRun run = await runnable.Journal.ClaimAsync(start, host.Name, runnable.Definition.ClaimDuration, cancellationToken).ConfigureAwait(false);
            WorkflowResult? result = run.Claim is null
                ? ResultOfAnothers(run, start, runnable.Definition)
                : await claimedRuns.WorkOnAsync(runnable, run, run.Claim, cancellationToken).ConfigureAwait(false);
            if (result is not null)
            {
                return result;
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static WorkflowResult? ResultOfAnothers(WorkflowRun run, WorkflowRunStart start, WorkflowDefinition definition)
    {
        if (!run.Start.IsSameRequest(start))
        {
            throw new WorkflowRequestConflictException(start.Workflow, start.RequestId);
        }

        if (run.Status != WorkflowRunStatus.Running)
        {
            return new RunHistory(definition.Json, run.Entries).Result(start.Workflow, start.RequestId, definition.Services.Select(service => service.Name));
        }

        return run.Start.DefinitionHash == start.DefinitionHash || run.Entries.Count == 0 ? null : throw new WorkflowDefinitionChangedException(start.Workflow, start.RequestId);
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
}
