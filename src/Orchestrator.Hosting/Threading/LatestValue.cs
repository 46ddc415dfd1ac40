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

    /// <summary>Waits until the value differs from the one that the reader knows.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, and it does not differ.</exception>
    public async Task<T> WaitForOtherAsync(T known, CancellationToken cancellationToken)
    {
        T value = await WaitForOtherUntilAsync(known, cancellationToken);
        if (Equal(value, known))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return value;
    }

    /// <summary>The same, at most for a time.</summary>
    /// <returns>The value; the known one when the time was over first.</returns>
    public async Task<T> WaitForOtherAsync(T known, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using ITimer timer = time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), either, timeout, Timeout.InfiniteTimeSpan);
        T value = await WaitForOtherUntilAsync(known, either.Token);
        if (Equal(value, known))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return value;
    }

    private static bool Equal(T value, T other) => EqualityComparer<T>.Default.Equals(value, other);

    // Being cancelled is no error here: then the value may still be the known one.
    private async Task<T> WaitForOtherUntilAsync(T known, CancellationToken cancellationToken)
    {
        while (true)
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

            await using (cancellationToken.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), changed))
            {
                await changed.Task;
            }

            lock (_lock)
            {
                _waiting.Remove(changed);
            }
        }
    }
}
