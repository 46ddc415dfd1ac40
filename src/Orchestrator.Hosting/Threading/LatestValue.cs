namespace Orchestrator.Hosting.Threading;

/// <summary>Hands the newest of a series of values from one owner to one or more readers. A reader that is late sees only the newest; nothing queues up.</summary>
/// <typeparam name="T">An immutable type.</typeparam>
internal sealed class LatestValue<T>(T initial)
    where T : notnull
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSource();
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
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (EqualityComparer<T>.Default.Equals(_value, value))
            {
                return;
            }

            _value = value;
            changed = _changed;
            _changed = NewSource();
        }

        changed.SetResult();
    }

    /// <summary>Waits until the value differs from the one that the reader knows.</summary>
    public async Task<T> WaitForOtherAsync(T known, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (!EqualityComparer<T>.Default.Equals(_value, known))
                {
                    return _value;
                }

                changed = _changed.Task;
            }

            await Interruptible.WaitAsync(changed, cancellationToken);
        }
    }

    /// <summary>The same, at most for a time.</summary>
    /// <returns>The value; the known one when the time was over first.</returns>
    public async Task<T> WaitForOtherAsync(T known, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await WaitForOtherAsync(known, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return known;
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
