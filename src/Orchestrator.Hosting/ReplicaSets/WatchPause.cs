using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>How long a watch loop waits between two looks. Notifications wake everybody at once; the clock is for lost ones, for deaths, and for the leader's lock.</summary>
internal static class WatchPause
{
    private static readonly TimeSpan s_share = TimeSpan.FromMilliseconds(50);

    /// <summary>Together the followers look about twenty times a second; where they are too many for that, each looks once a heartbeat.</summary>
    public static TimeSpan OfFollower(int workers, ReplicaSetOptions options, Random random)
    {
        TimeSpan shared = Max(options.CoordinationInterval, s_share * Math.Max(workers, 1));
        return (shared < options.HeartbeatInterval ? shared : options.HeartbeatInterval) * (0.75 + (random.NextDouble() / 2));
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
