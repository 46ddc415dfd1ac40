namespace Orchestrator.Hosting.Threading;

/// <summary>
/// Waits that can be cut short. Unlike the ones of <see cref="Task"/> they never hop over the thread pool:
/// each continuation goes to the scheduler that the waiting code runs on, so that a simulator sees all of them.
/// </summary>
internal static class Interruptible
{
    /// <summary>Waits for a task, or until cancelled. The task goes on.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, and the task has not ended.</exception>
    public static async Task WaitAsync(Task task, CancellationToken cancellationToken)
    {
        await UntilAsync(task, cancellationToken);
        if (!task.IsCompleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        await task;
    }

    /// <summary>Waits for a task with a result, or until cancelled. The task goes on.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, and the task has not ended.</exception>
    public static async Task<T> WaitAsync<T>(Task<T> task, CancellationToken cancellationToken)
    {
        await UntilAsync(task, cancellationToken);
        if (!task.IsCompleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return await task;
    }

    /// <summary>Waits until a task has ended, in whatever way, or until cancelled; neither is an error here: the caller looks which.</summary>
    public static Task UntilAsync(Task task, CancellationToken cancellationToken) => task.IsCompleted ? Task.CompletedTask : UntilEndedAsync(task, cancellationToken);

    /// <summary>Waits for a time, or until cancelled; being cancelled is no error here.</summary>
    public static async Task DelayAsync(TimeSpan delay, TimeProvider time, CancellationToken cancellationToken)
    {
        if (delay <= TimeSpan.Zero || cancellationToken.IsCancellationRequested)
        {
            return;
        }

        var wait = new Wait();
        await using CancellationTokenRegistration registration = wait.EndWhenCancelled(cancellationToken);
        await using ITimer timer = time.CreateTimer(static wait => ((Wait)wait!).TrySetResult(), wait, delay, Timeout.InfiniteTimeSpan);
        await wait.Task;
    }

    private static async Task UntilEndedAsync(Task task, CancellationToken cancellationToken)
    {
        var wait = new Wait();
        await using CancellationTokenRegistration registration = wait.EndWhenCancelled(cancellationToken);
        wait.EndWith(task);
        await wait.Task;
    }

    /// <summary>
    /// Ended by what is waited for, the waiting code goes on in the same breath, as behind any await: a page that has come is not queued once more. Ended by a cancellation it is queued, so that it
    /// never runs inside of whoever cancels.
    /// </summary>
    private sealed class Wait : TaskCompletionSource
    {
        private static readonly SendOrPostCallback s_end = static wait => ((Wait)wait!).TrySetResult();

        private readonly SynchronizationContext? _scheduler = SynchronizationContext.Current;

        // The task's own outcome is for whoever awaits it: here, its error counts as seen.
        public void EndWith(Task task) => task.ConfigureAwait(true).GetAwaiter().UnsafeOnCompleted(() =>
        {
            _ = task.Exception;
            TrySetResult();
        });

        public CancellationTokenRegistration EndWhenCancelled(CancellationToken cancellationToken) =>
            cancellationToken.UnsafeRegister(static wait => ((Wait)wait!).EndElsewhere(), this);

        private void EndElsewhere()
        {
            if (_scheduler is null)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static wait => wait.TrySetResult(), this, preferLocal: true);
            }
            else
            {
                _scheduler.Post(s_end, this);
            }
        }
    }
}
