using System.Collections.Concurrent;

namespace Orchestrator.ChaosTests.Appending;

/// <summary>What a client knows of what it appended, without having looked into the log.</summary>
internal enum AppendOutcome
{
    /// <summary>It was told that the events are in the log.</summary>
    Acknowledged,

    /// <summary>The connection was lost while it committed: all of the events are in the log, or none.</summary>
    Unknown,

    /// <summary>It rolled back, or was told that nothing was written: the events must never be seen.</summary>
    Refused,
}

/// <summary>An event that a client tried to append.</summary>
/// <param name="Id">The event's id, which the client chose.</param>
/// <param name="AggregateId">The aggregate; nobody else appends to it.</param>
/// <param name="EventType">The event's type.</param>
/// <param name="Sequence">How many events the client had tried before: within an aggregate, acknowledged events are in the log in this order.</param>
/// <param name="Outcome">What came of it.</param>
internal sealed record RememberedEvent(Guid Id, string AggregateId, string EventType, long Sequence, AppendOutcome Outcome);

/// <summary>What all clients remember: the truth that the projections are compared with.</summary>
internal sealed class AppendMemory
{
    private readonly ConcurrentQueue<RememberedEvent> _events = new();

    public IReadOnlyCollection<RememberedEvent> Events => _events;

    public void Add(IEnumerable<RememberedEvent> events, AppendOutcome outcome)
    {
        foreach (RememberedEvent e in events)
        {
            _events.Enqueue(e with { Outcome = outcome });
        }
    }
}
