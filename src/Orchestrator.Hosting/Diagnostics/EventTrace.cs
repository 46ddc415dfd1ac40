using System.Diagnostics;
using System.Text.Json;
using Orchestrator.Events;

namespace Orchestrator.Hosting.Diagnostics;

/// <summary>The trace that an event belongs to. Its <c>TraceId</c> has the 16 bytes of a W3C trace id, and so is one; the span is only known where the application put a <c>traceparent</c> into the metadata.</summary>
internal static class EventTrace
{
    private const string TraceParent = "traceparent";

    /// <summary>A trace's id, as events carry it.</summary>
    public static Guid IdOf(Activity activity) => Guid.ParseExact(activity.TraceId.ToHexString(), "N");

    /// <summary>Where an event's trace goes on.</summary>
    /// <param name="e">The event.</param>
    /// <param name="flags">Whether to record a trace of which the event does not say.</param>
    /// <returns>Null: it belongs to none.</returns>
    public static ActivityContext? ContextOf(PersistedEvent e, ActivityTraceFlags flags)
    {
        if (e.Metadata is { } metadata && metadata.Contains(TraceParent, StringComparison.Ordinal) && ParentIn(metadata) is { } parent)
        {
            return parent;
        }

        return e.TraceId is { } id && id != Guid.Empty ? new ActivityContext(ActivityTraceId.CreateFromString(id.ToString("N")), default, flags, isRemote: true) : null;
    }

    // The store takes valid JSON alone; of whatever kind.
    private static ActivityContext? ParentIn(string metadata)
    {
        using JsonDocument json = JsonDocument.Parse(metadata);
        return json.RootElement.ValueKind == JsonValueKind.Object
            && json.RootElement.TryGetProperty(TraceParent, out JsonElement value)
            && value.ValueKind == JsonValueKind.String
            && ActivityContext.TryParse(value.GetString(), traceState: null, isRemote: true, out ActivityContext parent) ? parent : null;
    }
}
