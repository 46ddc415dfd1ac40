using System.Collections.Concurrent;
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
internal sealed class ObservedJournal(IWorkflowJournal inner) : WrappedJournal(inner)
{
    private readonly ConcurrentQueue<JournalEntry> _written = new();
    private volatile bool _isHanging;

    public IReadOnlyList<JournalEntry> Written => [.. _written];

    public JournalStep HangsAt { get; set; }

    public bool IsHanging => _isHanging;

    public override async ValueTask<WorkflowRun> ClaimAsync(WorkflowRunStart start, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        await HangAsync(JournalStep.Claim, cancellationToken);
        return await Inner.ClaimAsync(start, owner, duration, cancellationToken);
    }

    public override async ValueTask<DateTimeOffset> AppendAsync(WorkflowClaim claim, JournalEntry entry, CancellationToken cancellationToken)
    {
        await HangAsync(entry.Kind == JournalEntryKind.Started ? JournalStep.Started : JournalStep.None, cancellationToken);
        DateTimeOffset at = await Inner.AppendAsync(claim, entry, cancellationToken);
        _written.Enqueue(entry);
        return at;
    }

    private async Task HangAsync(JournalStep step, CancellationToken cancellationToken)
    {
        if (step != JournalStep.None && step == HangsAt)
        {
            _isHanging = true;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }
}
