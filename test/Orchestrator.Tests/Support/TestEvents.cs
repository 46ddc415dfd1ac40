using Orchestrator.Events;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;

namespace Orchestrator.Tests.Support;

/// <summary>Events and pages of tests.</summary>
internal static class TestEvents
{
    public static PersistedEvent At(long position, string eventType = "Happened") => new()
    {
        GlobalPosition = position,
        AggregateType = "Thing",
        AggregateId = $"thing-{position}",
        AggregateVersion = 1,
        EventId = Guid.NewGuid(),
        EventType = eventType,
        EventVersion = 1,
        Payload = ReadOnlyMemory<byte>.Empty,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>A page of one event a position; an event's slot is its position.</summary>
    public static EventPage Page(long from, long to, long readAt = 0, long bytes = 0) => Page(from, to, [.. Enumerable.Range((int)from + 1, (int)(to - from)).Select(position => At(position))]) with
    {
        ReadAt = readAt,
        Bytes = bytes,
    };

    /// <summary>A page of the given events; an event's slot is its position.</summary>
    public static EventPage Page(long from, long to, params PersistedEvent[] events) => new(from, to, SlotRange.All, events, [.. events.Select(e => (int)e.GlobalPosition)], 0, 0);
}
