using System.Collections.Immutable;

namespace Orchestrator.Hosting.Checkpoints;

/// <summary>A member of a generation and the projections that it has; its index among the members is its partition.</summary>
/// <param name="WorkerId">The worker.</param>
/// <param name="Projections">The projections.</param>
/// <param name="Lanes">In how many parts it runs its share of each projection at the same time.</param>
internal sealed record MemberProjections(Guid WorkerId, ImmutableArray<string> Projections, int Lanes = 1);
