using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>How long a watch loop waits between two looks. Notifications wake everybody at once; the clock is for lost ones, for deaths, and for the leader's lock.</summary>
internal static class WatchPause
{
    private const int QuietHeartbeats = 2;

    private static readonly TimeSpan s_share = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Whether to look once a heartbeat only: nothing is to be done, and the log has stood still for a while. Who goes now leaves no event waiting, and the first event ends the pause of every worker that reads:
    /// so its partition is taken over in no more time than while events flow.
    /// </summary>
    public static bool IsQuiet(TimeSpan still, ReplicaSetOptions options) => still >= options.HeartbeatInterval * QuietHeartbeats;

    /// <summary>The pause while it is quiet.</summary>
    public static TimeSpan WhileQuiet(ReplicaSetOptions options, Random random) => Max(options.CoordinationInterval, options.HeartbeatInterval) * Jitter(random);

    /// <summary>Together the followers look about twenty times a second; where they are too many for that, each looks once a heartbeat.</summary>
    public static TimeSpan OfFollower(int workers, ReplicaSetOptions options, Random random)
    {
        TimeSpan shared = Max(options.CoordinationInterval, s_share * Math.Max(workers, 1));
        return (shared < options.HeartbeatInterval ? shared : options.HeartbeatInterval) * Jitter(random);
    }

    private static double Jitter(Random random) => 0.75 + (random.NextDouble() / 2);

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
