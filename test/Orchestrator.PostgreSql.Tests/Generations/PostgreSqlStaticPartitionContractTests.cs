using Orchestrator.PostgreSql.Tests.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Generations;

[TestFixture]
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
internal sealed class PostgreSqlStaticPartitionContractTests : StaticPartitionContract
{
    protected override async Task<ICoordinationStores> OpenStoresAsync() => await CoordinationDatabase.CreateAsync();
}
