using Orchestrator.Contracts;
using Orchestrator.Events;

namespace Orchestrator.PostgreSql.Tests.EventStore;

[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public sealed class PostgreSqlEventStoreReadingContractTests : EventStoreReadingContract
{
    private StoreUnderTest _underTest = null!;

    protected override IEventStore Store => _underTest.Store;

    [OneTimeSetUp]
    public async Task CreateStore() => _underTest = await StoreUnderTest.CreateAsync();

    [OneTimeTearDown]
    public async Task DropStore()
    {
        if (_underTest is not null)
        {
            await _underTest.DisposeAsync();
        }
    }
}
