namespace Orchestrator.Hosting.Threading;

/// <summary>
/// Where heartbeats run. In production a thread of its own, so that neither a busy pool nor a handler that blocks its thread looks like death; there every wait blocks, and the loop,
/// though written as async code, never leaves the thread. A simulator runs the same loop on its scheduler.
/// </summary>
internal interface IHeartbeatThread
{
    /// <summary>Runs a loop.</summary>
    /// <param name="name">The thread's name, for debuggers.</param>
    /// <param name="loop">The loop; it gets the one way in which it may wait.</param>
    /// <returns>A task that ends when the loop has ended.</returns>
    Task RunAsync(string name, Func<HeartbeatWait, Task> loop);
}

/// <summary>Waits for a time, or until cancelled; being cancelled is no error.</summary>
/// <param name="delay">How long.</param>
/// <param name="cancellationToken">Ends the wait.</param>
/// <returns>A task; on a thread of its own it is complete when the call returns.</returns>
internal delegate ValueTask HeartbeatWait(TimeSpan delay, CancellationToken cancellationToken);
