namespace Orchestrator.Hosting.Threading;

/// <summary>A thread of its own for every heartbeat loop.</summary>
internal sealed class HeartbeatThread : IHeartbeatThread
{
    public Task RunAsync(string name, Func<HeartbeatWait, Task> loop)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Run(loop, ended)) { IsBackground = true, Name = name, Priority = ThreadPriority.AboveNormal };
        thread.Start();
        return ended.Task;
    }

    private static void Run(Func<HeartbeatWait, Task> loop, TaskCompletionSource ended)
    {
        try
        {
            loop(Block).GetAwaiter().GetResult();
            ended.SetResult();
        }
        catch (Exception exception)
        {
            ended.SetException(exception);
        }
    }

    private static ValueTask Block(TimeSpan delay, CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne(delay);
        return ValueTask.CompletedTask;
    }
}
