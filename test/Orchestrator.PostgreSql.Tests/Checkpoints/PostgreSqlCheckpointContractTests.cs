using Orchestrator.PostgreSql.Tests.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Checkpoints;

[TestFixture]
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
internal sealed class PostgreSqlCheckpointContractTests : CheckpointContract
{
    protected override async Task<ICoordinationStores> OpenStoresAsync() => await CoordinationDatabase.CreateAsync();
}
