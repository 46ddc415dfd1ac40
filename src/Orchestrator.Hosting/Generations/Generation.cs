using System.Collections.Immutable;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.Generations;

/// <summary>One agreed distribution of the log over workers.</summary>
/// <param name="Id">Rises strictly with every generation of the replica set.</param>
/// <param name="Members">The workers; a worker's index is its partition.</param>
internal sealed record Generation(long Id, ImmutableArray<Guid> Members)
{
    /// <summary>How it comes to own the slots, once it has been formed.</summary>
    public RebalanceStrategy Strategy { get; init; }
}
