using System.Text.Json;
using Orchestrator.Events;

namespace Orchestrator.Hosting.Handlers;

/// <summary>Reads payloads into classes.</summary>
internal static class EventReader
{
    /// <summary>Reads a payload.</summary>
    /// <exception cref="UnreadableEventException">The payload does not fit the class.</exception>
    public static TEvent Read<TEvent>(PersistedEvent e, JsonSerializerOptions json)
        where TEvent : class
    {
        try
        {
            return JsonSerializer.Deserialize<TEvent>(e.Payload.Span, json) ?? throw new UnreadableEventException(e, typeof(TEvent), "it is null");
        }
        catch (JsonException exception)
        {
            // Its message and its path can quote the payload, which must not get into a log: only the place is passed on.
            throw new UnreadableEventException(e, typeof(TEvent), $"it does not fit at line {exception.LineNumber}, byte {exception.BytePositionInLine} (counted from 0)");
        }
        catch (NotSupportedException exception)
        {
            throw new UnreadableEventException(e, typeof(TEvent), "System.Text.Json cannot make this class: it needs a public constructor, and be neither abstract nor an interface", exception);
        }
    }
}
