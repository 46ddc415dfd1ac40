namespace Orchestrator.PostgreSql.Configuration;

/// <summary>How many connections of one pool the replica sets of a process use at once.</summary>
/// <param name="ReplicaSets">How many replica sets run: each reads ahead on a connection.</param>
/// <param name="Lanes">The lanes of all their projections: each has a connection while it applies a batch.</param>
/// <param name="Sessions">The sessions that are kept and come from the same pool.</param>
internal sealed record PoolNeed(int ReplicaSets, int Lanes, int Sessions)
{
    /// <summary>With fewer, nothing is ever applied: the kept sessions leave no connection to work on.</summary>
    public int Least => Sessions + 1;

    /// <summary>With fewer, batches wait for each other.</summary>
    public int Full => Sessions + Lanes + ReplicaSets;

    /// <summary>What <see cref="Full"/> is made of.</summary>
    public string Parts => $"{Lanes} for the lanes of all projections, {ReplicaSets} to read ahead, one a replica set"
        + (Sessions == 0 ? "" : $", {Sessions} for sessions that are kept: control and heartbeat of each replica set, horizon, listener, notifier");
}
