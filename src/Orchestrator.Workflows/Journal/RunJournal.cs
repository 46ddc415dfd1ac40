namespace Orchestrator.Workflows.Journal;

/// <summary>The journal of one claimed run: what is written is in <see cref="History"/> as soon as it is durable.</summary>
internal sealed class RunJournal(IWorkflowJournal journal, WorkflowClaim claim, RunHistory history)
{
    public RunHistory History => history;

    /// <summary>Writes an entry, whose number is given here.</summary>
    /// <exception cref="WorkflowClaimLostException">The claim is over.</exception>
    public async Task WriteAsync(JournalEntry entry, Exception? exception, CancellationToken cancellationToken)
    {
        JournalEntry numbered = entry with { Number = history.NextNumber() };
        DateTimeOffset recordedAt = await journal.AppendAsync(claim, numbered, cancellationToken).ConfigureAwait(false);
        history.Add(numbered with { RecordedAt = recordedAt }, exception);
    }
}
