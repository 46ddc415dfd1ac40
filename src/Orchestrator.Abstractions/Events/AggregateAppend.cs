namespace Orchestrator.Events;

/// <summary>Events for one aggregate: one item of a bulk append.</summary>
/// <param name="AggregateType">The kind of aggregate; 1 to 200 characters.</param>
/// <param name="AggregateId">The aggregate's id; 1 to 500 characters.</param>
/// <param name="ExpectedVersion">What the aggregate's version must be before this item.</param>
/// <param name="Events">The events, in their order; at least one.</param>
public sealed record AggregateAppend(string AggregateType, string AggregateId, ExpectedVersion ExpectedVersion, IReadOnlyList<EventData> Events);
