using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Membership;

[TestFixture]
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
internal sealed class PostgreSqlMembershipContractTests : MembershipContract
{
    protected override async Task<ICoordinationStores> OpenStoresAsync() => await CoordinationDatabase.CreateAsync();
}
