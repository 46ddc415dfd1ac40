namespace Orchestrator.Events;

/// <summary>An event that is about to be appended. The store gives it its position and its version.</summary>
/// <param name="EventType">The event's name, for example <c>OrderPlaced</c>; 1 to 200 characters.</param>
/// <param name="Payload">The serialised event, in whatever format the application uses. May be empty.</param>
public sealed record EventData(string EventType, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The event's identity. Unique in the whole log; appending one twice throws <see cref="DuplicateEventException"/>. Default: a new version 7 GUID.</summary>
    public Guid EventId { get; init; } = Guid.CreateVersion7();

    /// <summary>The version of the payload's schema, 1 or greater. Default: 1.</summary>
    public int EventVersion { get; init; } = 1;

    /// <summary>The trace that the event belongs to, if any.</summary>
    public Guid? TraceId { get; init; }

    /// <summary>What ties events of one business transaction together, if anything.</summary>
    public Guid? CorrelationId { get; init; }

    /// <summary>The command or event that caused this one, if known.</summary>
    public Guid? CausationId { get; init; }

    /// <summary>Free-form JSON about the event, or null.</summary>
    public string? Metadata { get; init; }

    /// <summary>When it happened. Null (the default): the store's own clock at the time of the append.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}
