namespace Orchestrator.Hosting.Membership;

/// <summary>The session that heartbeats go through; nothing else ever waits for it.</summary>
internal interface IHeartbeatSession : IAsyncDisposable
{
    /// <summary>Moves the worker's heartbeat. On the heartbeat's own thread it completes synchronously.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the worker is still on the roster.</returns>
    ValueTask<bool> BeatAsync(CancellationToken cancellationToken);
}
