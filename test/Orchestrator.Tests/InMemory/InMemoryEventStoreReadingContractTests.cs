using Orchestrator.Contracts;
using Orchestrator.Events;
using Orchestrator.Hosting.InMemory;

namespace Orchestrator.Tests.InMemory;

public sealed class InMemoryEventStoreReadingContractTests : EventStoreReadingContract
{
    private readonly InMemoryEventStore _store = new(new InMemoryDatabase(), TimeProvider.System);

    protected override IEventStore Store => _store;
}
