using Orchestrator.Projections;

namespace Orchestrator.Workflows.Journal;

/// <summary>Keeps runs in this process: for development and tests, and for workflows that need not outlive it. Nothing is ever forgotten while the process lives.</summary>
/// <param name="time">Its clock.</param>
public sealed class InMemoryWorkflowJournal(TimeProvider time) : IWorkflowJournal
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Workflow, string RequestId), Row> _byRequest = [];
    private readonly List<Row> _rows = [];

    /// <inheritdoc />
    public ValueTask<WorkflowRun> ClaimAsync(WorkflowRunStart start, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            Row row = GetOrBegin(start, inBackground: false);
            return ValueTask.FromResult(MayClaim(row, start) ? Claim(row, start.DefinitionHash, duration) : row.Show(claim: null));
        }
    }

    /// <inheritdoc />
    public void Enqueue(ProjectionContext context, WorkflowRunStart start)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.OnCommitted(() =>
        {
            lock (_lock)
            {
                GetOrBegin(start, inBackground: true);
            }
        });
    }

    /// <inheritdoc />
    public ValueTask<WorkflowRun?> ClaimNextAsync(string workflow, string definitionHash, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            Row? row = _rows.Find(row => row.InBackground && row.Start.Workflow == workflow && MayClaim(row, row.Start with { DefinitionHash = definitionHash }));
            return ValueTask.FromResult<WorkflowRun?>(row is null ? null : Claim(row, definitionHash, duration));
        }
    }

    /// <inheritdoc />
    public ValueTask RenewAsync(WorkflowClaim claim, TimeSpan duration, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            Find(claim).ExpiresAt = After(duration);
            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc />
    public ValueTask<DateTimeOffset> AppendAsync(WorkflowClaim claim, JournalEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            SortedList<int, JournalEntry> entries = Find(claim).Entries;
            entries.TryAdd(entry.Number, entry with { RecordedAt = time.GetUtcNow() });
            return ValueTask.FromResult(entries[entry.Number].RecordedAt);
        }
    }

    /// <inheritdoc />
    public ValueTask FinishAsync(WorkflowClaim claim, WorkflowRunStatus status, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!IsEndedBy(claim, status))
            {
                Find(claim).Status = status;
            }

            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc />
    public ValueTask ReleaseAsync(WorkflowClaim claim, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        lock (_lock)
        {
            if (_rows[(int)claim.RunId] is { } row && row.Token == claim.Token)
            {
                row.ExpiresAt = null;
            }

            return ValueTask.CompletedTask;
        }
    }

    private Row GetOrBegin(WorkflowRunStart start, bool inBackground)
    {
        if (!_byRequest.TryGetValue((start.Workflow, start.RequestId), out Row? row))
        {
            row = new Row(_rows.Count, start, inBackground);
            _rows.Add(row);
            _byRequest.Add((start.Workflow, start.RequestId), row);
        }

        return row;
    }

    private bool MayClaim(Row row, WorkflowRunStart start) =>
        row.Status == WorkflowRunStatus.Running
        && (row.ExpiresAt is null || row.ExpiresAt <= time.GetTimestamp())
        && row.Start.IsSameRequest(start)
        && (row.Entries.Count == 0 || row.Start.DefinitionHash == start.DefinitionHash);

    private bool IsEndedBy(WorkflowClaim claim, WorkflowRunStatus status)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return _rows[(int)claim.RunId] is var row && row.Status == status && row.Token == claim.Token;
    }

    private WorkflowRun Claim(Row row, string definitionHash, TimeSpan duration)
    {
        row.Start = row.Start with { DefinitionHash = definitionHash };
        row.Token++;
        row.ExpiresAt = After(duration);
        return row.Show(new WorkflowClaim(row.RunId, row.Token));
    }

    private Row Find(WorkflowClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return _rows[(int)claim.RunId] is { Status: WorkflowRunStatus.Running } row && row.Token == claim.Token ? row : throw new WorkflowClaimLostException(claim);
    }

    private long After(TimeSpan duration) => time.GetTimestamp() + (long)(duration.TotalSeconds * time.TimestampFrequency);

    private sealed class Row(long runId, WorkflowRunStart start, bool inBackground)
    {
        public long RunId => runId;

        public bool InBackground => inBackground;

        public WorkflowRunStart Start { get; set; } = start;

        public WorkflowRunStatus Status { get; set; }

        public SortedList<int, JournalEntry> Entries { get; } = [];

        public long Token { get; set; }

        public long? ExpiresAt { get; set; }

        public WorkflowRun Show(WorkflowClaim? claim) => new(Start, Status, [.. Entries.Values], claim);
    }
}
