using Orchestrator.Events;

namespace Orchestrator.Simulation.Stores;

/// <summary>One transaction that appends: takes the append lock, draws positions, and commits or rolls back, each in its own time.</summary>
internal sealed class SimulatedAppend(SimulatedLog log, string id, string aggregateId)
{
    private readonly List<PersistedEvent> _events = [];

    /// <summary>The transaction, as the list of lock holders names it.</summary>
    public string Id => id;

    public string AggregateId => aggregateId;

    public bool HoldsLock { get; private set; }

    /// <summary>Takes the lock, as the log's trigger does before the first position is drawn.</summary>
    public void Lock() => HoldsLock = true;

    /// <summary>Draws a position for an event.</summary>
    public void Draw(string eventType) => _events.Add(new PersistedEvent
    {
        GlobalPosition = log.Draw(),
        AggregateType = "Thing",
        AggregateId = aggregateId,
        AggregateVersion = 1,
        EventId = Guid.Empty,
        EventType = eventType,
        EventVersion = 1,
        Payload = ReadOnlyMemory<byte>.Empty,
        CreatedAt = DateTimeOffset.UnixEpoch,
    });

    /// <summary>Rolls back to a savepoint before the first event: the positions are void, and the lock is free until the next event.</summary>
    public void RollBackToSavepoint()
    {
        _events.Clear();
        HoldsLock = false;
    }

    public void Commit() => log.End(this, _events);

    public void RollBack() => log.End(this, []);
}
