using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.Tests.InMemory;

[TestFixture]
[Parallelizable(ParallelScope.Self)]
internal sealed class InMemoryStaticPartitionContractTests : StaticPartitionContract
{
    private readonly InMemoryDatabase _database = new();

    protected override IMembershipStore Membership => new InMemoryMembershipStore(_database, TimeProvider.System);

    protected override ICheckpointStore Checkpoints => new InMemoryCheckpointStore(_database);
}
