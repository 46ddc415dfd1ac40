namespace Orchestrator.Events;

/// <summary>An event as the log holds it. Immutable.</summary>
public sealed record PersistedEvent
{
    /// <summary>The place in the log; unique, rises from 1, may have gaps.</summary>
    public required long GlobalPosition { get; init; }

    /// <summary>The kind of aggregate, for example <c>Order</c>.</summary>
    public required string AggregateType { get; init; }

    /// <summary>The aggregate's id; a GUID is one text among others.</summary>
    public required string AggregateId { get; init; }

    /// <summary>The event's number within its aggregate: 1, 2, 3, ...</summary>
    public required long AggregateVersion { get; init; }

    /// <summary>The event's identity, stable for ever: the base of every idempotency key.</summary>
    public required Guid EventId { get; init; }

    /// <summary>The event's name.</summary>
    public required string EventType { get; init; }

    /// <summary>The version of the payload's schema.</summary>
    public required int EventVersion { get; init; }

    /// <summary>The serialised event. Like the event itself, it may be kept for as long as one likes: the memory is used for nothing else.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The trace that the event belongs to, if any.</summary>
    public Guid? TraceId { get; init; }

    /// <summary>What ties events of one business transaction together, if anything.</summary>
    public Guid? CorrelationId { get; init; }

    /// <summary>The command or event that caused this one, if known.</summary>
    public Guid? CausationId { get; init; }

    /// <summary>Free-form JSON about the event, or null.</summary>
    public string? Metadata { get; init; }

    /// <summary>When it happened, or when the store recorded it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
