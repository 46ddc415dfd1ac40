namespace Orchestrator.Hosting.Membership;

/// <summary>Where workers meet: opens the two sessions that a worker lives by.</summary>
internal interface IMembershipStore
{
    /// <summary>Opens a control session, takes the worker's session lock, then writes its rows: lock first, so that a row without a lock always means death.</summary>
    /// <param name="registration">The worker. Its id must be new.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The session; the worker is alive until it ends.</returns>
    Task<IControlSession> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken);

    /// <summary>Opens a heartbeat session. Called on the heartbeat's own thread, where it completes synchronously.</summary>
    /// <param name="replicaSet">The replica set.</param>
    /// <param name="workerId">The registered worker.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The session.</returns>
    ValueTask<IHeartbeatSession> OpenHeartbeatAsync(string replicaSet, Guid workerId, CancellationToken cancellationToken);
}
