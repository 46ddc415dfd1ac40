using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.Tests.InMemory;

/// <summary>Both stores over one database in memory.</summary>
internal sealed class InMemoryCoordination : ICoordinationStores
{
    private readonly InMemoryDatabase _database = new();

    public IMembershipStore Membership => new InMemoryMembershipStore(_database, TimeProvider.System);

    public ICheckpointStore Checkpoints => new InMemoryCheckpointStore(_database);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
