using System.Collections.Concurrent;
using Orchestrator.Projections;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Tests.Support;

/// <summary>Where a journal is held up.</summary>
public enum JournalStep
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>When a run is claimed.</summary>
    Claim,

    /// <summary>When an attempt is written.</summary>
    Started,
}

/// <summary>A journal that remembers what was written, and that can be held up.</summary>
internal sealed class ObservedJournal(IWorkflowJournal inner) : IWorkflowJournal
{
    private readonly ConcurrentQueue<JournalEntry> _written = new();
    private volatile bool _isHanging;

    public IReadOnlyList<JournalEntry> Written => [.. _written];

    public JournalStep HangsAt { get; set; }

    public bool IsHanging => _isHanging;

    public async ValueTask<WorkflowRun> ClaimAsync(WorkflowRunStart start, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        await HangAsync(JournalStep.Claim, cancellationToken);
        return await inner.ClaimAsync(start, owner, duration, cancellationToken);
    }

    public void Enqueue(ProjectionContext context, WorkflowRunStart start) => inner.Enqueue(context, start);

    public ValueTask<WorkflowRun?> ClaimNextAsync(string workflow, string definitionHash, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        inner.ClaimNextAsync(workflow, definitionHash, owner, duration, cancellationToken);

    public ValueTask RenewAsync(WorkflowClaim claim, TimeSpan duration, CancellationToken cancellationToken) => inner.RenewAsync(claim, duration, cancellationToken);

    public async ValueTask<DateTimeOffset> AppendAsync(WorkflowClaim claim, JournalEntry entry, CancellationToken cancellationToken)
    {
        await HangAsync(entry.Kind == JournalEntryKind.Started ? JournalStep.Started : JournalStep.None, cancellationToken);
        DateTimeOffset at = await inner.AppendAsync(claim, entry, cancellationToken);
        _written.Enqueue(entry);
        return at;
    }

    public ValueTask FinishAsync(WorkflowClaim claim, WorkflowRunStatus status, CancellationToken cancellationToken) => inner.FinishAsync(claim, status, cancellationToken);

    public ValueTask ReleaseAsync(WorkflowClaim claim, CancellationToken cancellationToken) => inner.ReleaseAsync(claim, cancellationToken);

    private async Task HangAsync(JournalStep step, CancellationToken cancellationToken)
    {
        if (step != JournalStep.None && step == HangsAt)
        {
            _isHanging = true;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }
}
