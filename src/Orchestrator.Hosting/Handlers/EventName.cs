using System.Globalization;
using Orchestrator.Events;

namespace Orchestrator.Hosting.Handlers;

/// <summary>Names an event in messages, without its payload.</summary>
internal static class EventName
{
    public static string Of(PersistedEvent e) => string.Create(
        CultureInfo.InvariantCulture, $"event {e.EventId} at position {e.GlobalPosition} ({e.EventType}, version {e.AggregateVersion} of {e.AggregateType} '{e.AggregateId}')");
}
