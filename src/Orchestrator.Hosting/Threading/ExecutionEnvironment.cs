namespace Orchestrator.Hosting.Threading;

/// <summary>
/// Everything that is not a store and differs from run to run: time, chance, identities, the heartbeat's thread. The loops reach them only through here,
/// and their continuations only through the ambient scheduler, so that a simulator that owns both replays them exactly.
/// </summary>
/// <param name="Time">Clock and timers.</param>
/// <param name="Random">For jitter only. Safe for concurrent use.</param>
/// <param name="NewWorkerId">Makes a worker id that was never used before.</param>
/// <param name="HeartbeatThread">Where heartbeats run.</param>
internal sealed record ExecutionEnvironment(TimeProvider Time, Random Random, Func<Guid> NewWorkerId, IHeartbeatThread HeartbeatThread);
