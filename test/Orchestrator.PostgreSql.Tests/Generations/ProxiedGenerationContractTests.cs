using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Membership;
using Orchestrator.PostgreSql.Tests.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Generations;

/// <summary>The same through a proxy that pools transactions.</summary>
[TestFixture]
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
internal sealed class ProxiedGenerationContractTests : GenerationContract
{
    private CoordinationDatabase? _database;

    protected override IMembershipStore Membership => _database!.Membership;

    protected override ICheckpointStore Checkpoints => _database!.Checkpoints;

    [OneTimeSetUp]
    public async Task CreateDatabase() => _database = await CoordinationDatabase.CreateProxiedAsync();

    [OneTimeTearDown]
    public async Task DropDatabase()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
