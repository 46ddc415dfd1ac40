using System.Globalization;
using Orchestrator.Events;

namespace Orchestrator.PostgreSql.Checkpoints;

/// <summary>
/// A value that a handler has enqueued cannot be written: its type is not one that Npgsql knows, or not the one that the parameter says. The batch was never sent as a whole, so that nobody knows which
/// statement it was; a batch that fails is tried again with fewer events, and in the end the message names one.
/// </summary>
internal sealed class ProjectionParameterException(IReadOnlyList<PersistedEvent?> sources, Exception inner)
    : Exception($"A value of a statement that was enqueued {Name([.. sources.OfType<PersistedEvent>()])} cannot be sent: {inner.Message}", inner)
{
    private static string Name(IReadOnlyList<PersistedEvent> events) => events switch
    {
        [] => "for the batch as a whole",
        [var first, ..] when events.All(e => ReferenceEquals(e, first)) => string.Create(
            CultureInfo.InvariantCulture, $"by the event at position {first.GlobalPosition} ({first.EventType}, version {first.AggregateVersion} of {first.AggregateType} '{first.AggregateId}')"),
        _ => string.Create(CultureInfo.InvariantCulture, $"by one of the events from position {events[0].GlobalPosition} to {events[^1].GlobalPosition}"),
    };
}
