namespace Orchestrator.PostgreSql.EventLog;

/// <summary>Wakes those who wait for events. Hints are counted, so that one that comes between a read and a wait is not lost.</summary>
internal sealed class AppendSignal
{
    private readonly Lock _gate = new();
    private long _hints;
    private TaskCompletionSource _next = NewSource();

    /// <summary>How many hints have come.</summary>
    public long Hints
    {
        get
        {
            lock (_gate)
            {
                return _hints;
            }
        }
    }

    /// <summary>A hint has come: whoever asked the log before it should ask again.</summary>
    public void Hint() => Complete(hints: 1);

    /// <summary>Wakes those who wait now, and nobody who comes later.</summary>
    public void Wake() => Complete(hints: 0);

    /// <summary>A task that ends with the first hint beyond a number of them, or with the next <see cref="Wake"/>.</summary>
    public Task BeyondAsync(long hints)
    {
        lock (_gate)
        {
            return _hints > hints ? Task.CompletedTask : _next.Task;
        }
    }

    private void Complete(int hints)
    {
        TaskCompletionSource source;
        lock (_gate)
        {
            _hints += hints;
            source = _next;
            _next = NewSource();
        }

        source.SetResult();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
