namespace Orchestrator.Hosting.Threading;

/// <summary>Hands the newest of a series of values from one owner to one or more readers. A reader that is late sees only the newest; nothing queues up.</summary>
/// <typeparam name="T">An immutable type.</typeparam>
internal sealed class LatestValue<T>(T initial)
    where T : notnull
{
    private readonly Lock _lock = new();
    private readonly List<TaskCompletionSource> _waiting = [];
    private T _value = initial;

    public T Value
    {
        get
        {
            lock (_lock)
            {
                return _value;
            }
        }
    }

    /// <summary>Makes a value the newest. An equal one changes nothing.</summary>
    public void Publish(T value)
    {
        TaskCompletionSource[] woken;
        lock (_lock)
        {
            if (Equal(_value, value))
            {
                return;
            }

            _value = value;
            woken = [.. _waiting];
            _waiting.Clear();
        }

        foreach (TaskCompletionSource reader in woken)
        {
            reader.TrySetResult();
        }
    }

    /// <summary>Waits until the value differs from the one that the reader knows, or until cancelled; being cancelled is no error here.</summary>
    /// <returns>The newest value: the known one when cancelled first, or when it has come back to that meanwhile.</returns>
    public Task<T> WaitForOtherAsync(T known, CancellationToken cancellationToken) => WaitForOtherAsync(known, Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    /// <summary>The same, at most for a time.</summary>
    /// <returns>The same; the known one also when the time was over first.</returns>
    public async Task<T> WaitForOtherAsync(T known, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        // One for each reader and not one for all, so that a reader that gives up leaves nothing behind while the value stays as it is.
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (!Equal(_value, known) || cancellationToken.IsCancellationRequested)
            {
                return _value;
            }

            _waiting.Add(changed);
        }

        await using (cancellationToken.UnsafeRegister(static reader => ((TaskCompletionSource)reader!).TrySetResult(), changed))
        await using (timeout == Timeout.InfiniteTimeSpan ? null : time.CreateTimer(static reader => ((TaskCompletionSource)reader!).TrySetResult(), changed, timeout, Timeout.InfiniteTimeSpan))
        {
            await changed.Task;
        }

        lock (_lock)
        {
            _waiting.Remove(changed);
            return _value;
        }
    }

    private static bool Equal(T value, T other) => EqualityComparer<T>.Default.Equals(value, other);
}
