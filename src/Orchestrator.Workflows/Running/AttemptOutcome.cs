using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Running;

/// <summary>How an attempt ended.</summary>
/// <param name="Entry">What the journal is to say if it was the last one.</param>
/// <param name="Exception">The error; null when the attempt has succeeded.</param>
internal sealed record AttemptOutcome(JournalEntry Entry, Exception? Exception)
{
    /// <summary>The pause before the next attempt; null when there is none.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
