namespace Orchestrator.Hosting.Threading;

/// <summary>
/// Waits that can be cut short. Unlike the ones of <see cref="Task"/> they never hop over the thread pool:
/// each continuation goes to the scheduler that the waiting code runs on, so that a simulator sees all of them.
/// </summary>
internal static class Interruptible
{
    /// <summary>Waits for a task, or until cancelled. The task goes on.</summary>
    public static async Task WaitAsync(Task task, CancellationToken cancellationToken)
    {
        if (task.IsCompleted)
        {
            await task;
            return;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), done);
        _ = ForwardAsync(task, done);
        await done.Task;
        if (!task.IsCompleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        await task;
    }

    /// <summary>Waits for a task with a result, or until cancelled. The task goes on.</summary>
    public static async Task<T> WaitAsync<T>(Task<T> task, CancellationToken cancellationToken)
    {
        await WaitAsync((Task)task, cancellationToken);
        return await task;
    }

    /// <summary>Waits for a time, or until cancelled; being cancelled is no error here.</summary>
    public static async Task DelayAsync(TimeSpan delay, TimeProvider time, CancellationToken cancellationToken)
    {
        if (delay <= TimeSpan.Zero || cancellationToken.IsCancellationRequested)
        {
            return;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), done);
        await using ITimer timer = time.CreateTimer(static source => ((TaskCompletionSource)source!).TrySetResult(), done, delay, Timeout.InfiniteTimeSpan);
        await done.Task;
    }

    private static async Task ForwardAsync(Task task, TaskCompletionSource done)
    {
        // The task's own outcome is for whoever awaits it.
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        done.TrySetResult();
    }
}
