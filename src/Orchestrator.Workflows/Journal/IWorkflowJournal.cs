using Orchestrator.Projections;

namespace Orchestrator.Workflows.Journal;

/// <summary>Keeps what happened in the runs of workflows, and whose run it is. Safe for concurrent use, from any number of hosts where it is shared.</summary>
public interface IWorkflowJournal
{
    /// <summary>Finds a run, or begins it, and claims it.</summary>
    /// <param name="start">What the run begins with, if it is new.</param>
    /// <param name="owner">Who claims it; for people.</param>
    /// <param name="duration">For how long, by the journal's clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// The run. Its claim is the caller's, or null where there is nothing to claim or no right to: the run has ended, somebody else's claim has not expired, the request is another
    /// (<see cref="WorkflowRunStart.IsSameRequest"/>), or it was begun with another definition. A run without entries takes the definition of whoever claims it.
    /// </returns>
    ValueTask<WorkflowRun> ClaimAsync(WorkflowRunStart start, string owner, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Begins a run in the background, in the transaction of a projection: it is there when that commits, and then waits for <see cref="ClaimNextAsync"/>. A run that is known stays as it is.</summary>
    /// <param name="context">The projection's context.</param>
    /// <param name="start">What the run begins with.</param>
    void Enqueue(ProjectionContext context, WorkflowRunStart start);

    /// <summary>Claims the oldest run in the background that waits: never claimed, given back, or with a claim that has expired; not one that was begun with another definition.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="definitionHash">The caller's definition of it.</param>
    /// <param name="owner">Who claims it; for people.</param>
    /// <param name="duration">For how long, by the journal's clock.</param>
    /// <param name="cancellationToken">Gives up; a run may have been claimed.</param>
    /// <returns>The run, with the claim; null when none waits.</returns>
    ValueTask<WorkflowRun?> ClaimNextAsync(string workflow, string definitionHash, string owner, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Extends a claim, counted from now; one that has expired, too, unless somebody else has the run.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="duration">For how long, by the journal's clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WorkflowClaimLostException">The claim is over.</exception>
    ValueTask RenewAsync(WorkflowClaim claim, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Writes an entry; it is durable when this returns. A number that the run has already is no error.</summary>
    /// <param name="claim">The caller's claim.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Gives up; the entry may have been written.</param>
    /// <returns>When it was recorded, by the journal's clock.</returns>
    /// <exception cref="WorkflowClaimLostException">The claim is over; nothing was written.</exception>
    ValueTask<DateTimeOffset> AppendAsync(WorkflowClaim claim, JournalEntry entry, CancellationToken cancellationToken);

    /// <summary>Ends a run, and the claim with it. Again, by the same claim and with the same status, is no error.</summary>
    /// <param name="claim">The caller's claim.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="cancellationToken">Gives up; the run may have been ended.</param>
    /// <exception cref="WorkflowClaimLostException">The claim is over.</exception>
    ValueTask FinishAsync(WorkflowClaim claim, WorkflowRunStatus status, CancellationToken cancellationToken);

    /// <summary>Gives a claim back, so that the run can be claimed at once. A claim that is over is no error.</summary>
    /// <param name="claim">The caller's claim.</param>
    /// <param name="cancellationToken">Gives up; the claim then expires.</param>
    ValueTask ReleaseAsync(WorkflowClaim claim, CancellationToken cancellationToken);
}
