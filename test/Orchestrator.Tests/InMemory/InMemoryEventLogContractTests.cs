using Orchestrator.Contracts;
using Orchestrator.Events;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Processing;

namespace Orchestrator.Tests.InMemory;

public sealed class InMemoryEventLogContractTests : EventLogContract
{
    private InMemoryEventStore _store = null!;
    private InMemoryEventLog _log = null!;

    protected override IEventStore Store => _store;

    protected override IEventLog Log => _log;

    [SetUp]
    public void CreateLog()
    {
        var database = new InMemoryDatabase();
        _store = new InMemoryEventStore(database, TimeProvider.System);
        _log = new InMemoryEventLog(database, TimeProvider.System);
    }
}
