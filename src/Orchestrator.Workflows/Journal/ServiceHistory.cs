using System.Text.Json;

namespace Orchestrator.Workflows.Journal;

/// <summary>What a run's entries say about one service.</summary>
internal sealed class ServiceHistory
{
    private readonly List<string> _warnings = [];
    private JournalEntry? _end;
    private Exception? _exception;
    private DateTimeOffset? _startedAt;

    public int Attempts { get; private set; }

    public int Failures { get; private set; }

    public void Add(JournalEntry entry, Exception? exception)
    {
        _warnings.AddRange(entry.Warnings);
        switch (entry.Kind)
        {
            case JournalEntryKind.Started:
                Attempts = entry.Attempt;
                _startedAt ??= entry.RecordedAt;
                break;
            case JournalEntryKind.Retrying:
                Failures++;
                break;
            default:
                _end = entry;
                _exception = exception;
                break;
        }
    }

    /// <summary>Forgets a failure. Attempts go on counting, so that each has a number of its own; failures begin anew.</summary>
    public void Reset()
    {
        if (_end is not { Kind: JournalEntryKind.Succeeded })
        {
            _end = null;
            _exception = null;
            Failures = 0;
        }
    }

    public ServiceResult? Result(string name, JsonSerializerOptions json) => _end is null ? null : new ServiceResult(json)
    {
        Service = name,
        Outcome = _end.Kind switch
        {
            JournalEntryKind.Succeeded => ServiceOutcome.Succeeded,
            JournalEntryKind.Failed => ServiceOutcome.Failed,
            _ => ServiceOutcome.Skipped,
        },
        Response = _end.Response,
        Error = _end.Error,
        Exception = _exception,
        SkippedBecauseOf = _end.BecauseOf,
        Attempts = Attempts,
        StartedAt = _startedAt,
        FinishedAt = _end.RecordedAt,
        Warnings = [.. _warnings],
    };
}
