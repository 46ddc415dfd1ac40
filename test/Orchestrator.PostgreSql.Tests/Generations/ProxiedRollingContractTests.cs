using Orchestrator.PostgreSql.Tests.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Generations;

/// <summary>The same through a proxy that pools transactions.</summary>
[TestFixture]
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
internal sealed class ProxiedRollingContractTests : RollingContract
{
    protected override async Task<ICoordinationStores> OpenStoresAsync() => await CoordinationDatabase.CreateProxiedAsync();
}
