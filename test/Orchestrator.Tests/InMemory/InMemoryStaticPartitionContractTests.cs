using Orchestrator.Testing.Shared;

namespace Orchestrator.Tests.InMemory;

[TestFixture]
[Parallelizable(ParallelScope.Self)]
internal sealed class InMemoryStaticPartitionContractTests : StaticPartitionContract
{
    protected override Task<ICoordinationStores> OpenStoresAsync() => Task.FromResult<ICoordinationStores>(new InMemoryCoordination());
}
