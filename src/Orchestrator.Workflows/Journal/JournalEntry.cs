namespace Orchestrator.Workflows.Journal;

/// <summary>One line of a run's journal. Never changed and never removed.</summary>
public sealed record JournalEntry
{
    /// <summary>The entry's number within its run: rises from 1, and may have gaps. Writing the same number again changes nothing, so that a write whose answer was lost can be repeated.</summary>
    public required int Number { get; init; }

    /// <summary>What it says.</summary>
    public required JournalEntryKind Kind { get; init; }

    /// <summary>The service that it is about; null for <see cref="JournalEntryKind.Reset"/>, which is about all.</summary>
    public string? Service { get; init; }

    /// <summary>The attempt's number; 0 where the entry is about no attempt.</summary>
    public int Attempt { get; init; }

    /// <summary>The response as JSON; null for none.</summary>
    public string? Response { get; init; }

    /// <summary>The error, as type and message; null for none.</summary>
    public string? Error { get; init; }

    /// <summary>The failed service because of which this one is skipped; null unless skipped.</summary>
    public string? BecauseOf { get; init; }

    /// <summary>What the attempt warned of.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>When it was recorded, by the journal's clock; set by the journal.</summary>
    public DateTimeOffset RecordedAt { get; init; }
}
