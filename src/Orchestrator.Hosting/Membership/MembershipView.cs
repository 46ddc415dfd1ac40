using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.Membership;

/// <summary>What one worker needs to know of its replica set; its cost does not depend on how many workers there are.</summary>
/// <param name="Registered">Whether the worker is still on the roster. False: it was declared dead or stale, and its id is spent.</param>
/// <param name="Active">The active generation, if any.</param>
/// <param name="Forming">The forming generation, if any.</param>
/// <param name="LeaderId">Who said last that it leads, if it is still registered.</param>
/// <param name="LeaderSequence">The leader's heartbeat; only a change has a meaning.</param>
internal sealed record MembershipView(bool Registered, GenerationView? Active, GenerationView? Forming, Guid? LeaderId, long LeaderSequence)
{
    /// <summary>Whether any registered worker has taken a partition that is set by hand. While one has, no generation is formed.</summary>
    public bool HasStaticOwners { get; init; }
}

/// <summary>A generation from one worker's point of view.</summary>
/// <param name="Id">The generation.</param>
/// <param name="TotalPartitions">How many members it has.</param>
/// <param name="Partition">The worker's own partition, or null when it is no member.</param>
internal sealed record GenerationView(long Id, int TotalPartitions, int? Partition)
{
    /// <summary>How it comes to own the slots.</summary>
    public RebalanceStrategy Strategy { get; init; }
}
