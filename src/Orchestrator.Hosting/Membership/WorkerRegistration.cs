using System.Collections.Immutable;

namespace Orchestrator.Hosting.Membership;

/// <summary>What a worker says of itself when it joins.</summary>
/// <param name="WorkerId">New for every start and after every lost session.</param>
/// <param name="ReplicaSet">The replica set that it joins.</param>
/// <param name="Projections">The projections that it has.</param>
/// <param name="HostName">The machine or pod.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="ApplicationVersion">The application's informational version.</param>
internal sealed record WorkerRegistration(
    Guid WorkerId,
    string ReplicaSet,
    ImmutableArray<string> Projections,
    string HostName,
    int ProcessId,
    string ApplicationVersion)
{
    /// <summary>In how many lanes it runs its share of each projection.</summary>
    public int Lanes { get; init; } = 1;

    /// <summary>Whether its partition is set by hand.</summary>
    public bool IsStatic { get; init; }
}
