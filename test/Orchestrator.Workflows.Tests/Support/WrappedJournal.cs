using Orchestrator.Projections;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Tests.Support;

/// <summary>Another journal, of which a test changes what it likes.</summary>
internal abstract class WrappedJournal(IWorkflowJournal inner) : IWorkflowJournal
{
    protected IWorkflowJournal Inner => inner;

    public virtual ValueTask<WorkflowRun> ClaimAsync(WorkflowRunStart start, string owner, TimeSpan duration, CancellationToken cancellationToken) => inner.ClaimAsync(start, owner, duration, cancellationToken);

    public virtual void Enqueue(ProjectionContext context, WorkflowRunStart start) => inner.Enqueue(context, start);

    public virtual ValueTask<WorkflowRun?> ClaimNextAsync(string workflow, string definitionHash, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        inner.ClaimNextAsync(workflow, definitionHash, owner, duration, cancellationToken);

    public virtual ValueTask RenewAsync(WorkflowClaim claim, TimeSpan duration, CancellationToken cancellationToken) => inner.RenewAsync(claim, duration, cancellationToken);

    public virtual ValueTask<DateTimeOffset> AppendAsync(WorkflowClaim claim, JournalEntry entry, CancellationToken cancellationToken) => inner.AppendAsync(claim, entry, cancellationToken);

    public virtual ValueTask FinishAsync(WorkflowClaim claim, WorkflowRunStatus status, CancellationToken cancellationToken) => inner.FinishAsync(claim, status, cancellationToken);

    public virtual ValueTask ReleaseAsync(WorkflowClaim claim, CancellationToken cancellationToken) => inner.ReleaseAsync(claim, cancellationToken);
}
