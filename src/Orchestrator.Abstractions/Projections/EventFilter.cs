using System.Collections.Frozen;
using Orchestrator.Events;

namespace Orchestrator.Projections;

/// <summary>Which events a projection wants: those that match both sets. Immutable.</summary>
public sealed class EventFilter
{
    private EventFilter(IEnumerable<string> aggregateTypes, IEnumerable<string> eventTypes)
    {
        AggregateTypes = aggregateTypes.ToFrozenSet(StringComparer.Ordinal);
        EventTypes = eventTypes.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Every event.</summary>
    public static EventFilter All { get; } = new([], []);

    /// <summary>The aggregate types wanted; empty means all.</summary>
    public IReadOnlySet<string> AggregateTypes { get; }

    /// <summary>The event types wanted; empty means all.</summary>
    public IReadOnlySet<string> EventTypes { get; }

    /// <summary>Whether every event is wanted.</summary>
    public bool IsAll => AggregateTypes.Count == 0 && EventTypes.Count == 0;

    /// <summary>Creates a filter.</summary>
    /// <param name="aggregateTypes">The aggregate types wanted, compared exactly; empty means all.</param>
    /// <param name="eventTypes">The event types wanted, compared exactly; empty means all.</param>
    /// <returns>The filter.</returns>
    public static EventFilter Of(IEnumerable<string> aggregateTypes, IEnumerable<string> eventTypes) => new(aggregateTypes, eventTypes);

    /// <summary>Whether an event is wanted.</summary>
    /// <param name="e">The event.</param>
    /// <returns>True when it is.</returns>
    public bool Matches(PersistedEvent e) =>
        (AggregateTypes.Count == 0 || AggregateTypes.Contains(e.AggregateType)) && (EventTypes.Count == 0 || EventTypes.Contains(e.EventType));
}
