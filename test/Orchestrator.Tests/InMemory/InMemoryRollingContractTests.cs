using Orchestrator.Testing.Shared;

namespace Orchestrator.Tests.InMemory;

[TestFixture]
[Parallelizable(ParallelScope.Self)]
internal sealed class InMemoryRollingContractTests : RollingContract
{
    protected override Task<ICoordinationStores> OpenStoresAsync() => Task.FromResult<ICoordinationStores>(new InMemoryCoordination());
}
