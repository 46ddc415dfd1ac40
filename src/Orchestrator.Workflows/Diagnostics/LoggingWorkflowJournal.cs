using Microsoft.Extensions.Logging;
using Orchestrator.Projections;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Diagnostics;

/// <summary>Logs what is written to another journal, once that has it. Payloads and responses are never logged.</summary>
/// <param name="inner">The journal that keeps it.</param>
/// <param name="logger">Where to log.</param>
public sealed class LoggingWorkflowJournal(IWorkflowJournal inner, ILogger<LoggingWorkflowJournal> logger) : IWorkflowJournal
{
    /// <inheritdoc />
    public async ValueTask<WorkflowRun> ClaimAsync(WorkflowRunStart start, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        WorkflowRun run = await inner.ClaimAsync(start, owner, duration, cancellationToken).ConfigureAwait(false);
        LogClaim(run);
        return run;
    }

    /// <inheritdoc />
    public void Enqueue(ProjectionContext context, WorkflowRunStart start) => inner.Enqueue(context, start);

    /// <inheritdoc />
    public async ValueTask<WorkflowRun?> ClaimNextAsync(string workflow, string definitionHash, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        WorkflowRun? run = await inner.ClaimNextAsync(workflow, definitionHash, owner, duration, cancellationToken).ConfigureAwait(false);
        LogClaim(run);
        return run;
    }

    /// <inheritdoc />
    public ValueTask RenewAsync(WorkflowClaim claim, TimeSpan duration, CancellationToken cancellationToken) => inner.RenewAsync(claim, duration, cancellationToken);

    /// <inheritdoc />
    public async ValueTask<DateTimeOffset> AppendAsync(WorkflowClaim claim, JournalEntry entry, CancellationToken cancellationToken)
    {
        DateTimeOffset recordedAt = await inner.AppendAsync(claim, entry, cancellationToken).ConfigureAwait(false);
        logger.EntryWritten(claim.RunId, entry.Number, entry.Kind, entry.Service, entry.Attempt, entry.Error ?? entry.BecauseOf);
        foreach (string warning in entry.Warnings)
        {
            logger.ServiceWarned(claim.RunId, entry.Service, entry.Attempt, warning);
        }

        return recordedAt;
    }

    /// <inheritdoc />
    public async ValueTask FinishAsync(WorkflowClaim claim, WorkflowRunStatus status, CancellationToken cancellationToken)
    {
        await inner.FinishAsync(claim, status, cancellationToken).ConfigureAwait(false);
        logger.RunFinished(claim.RunId, status);
    }

    /// <inheritdoc />
    public ValueTask ReleaseAsync(WorkflowClaim claim, CancellationToken cancellationToken) => inner.ReleaseAsync(claim, cancellationToken);

    private void LogClaim(WorkflowRun? run)
    {
        if (run is { Claim: { } claim })
        {
            logger.RunClaimed(claim.RunId, run.Start.Workflow, run.Start.RequestId, claim.Token, run.Entries.Count);
        }
    }
}
