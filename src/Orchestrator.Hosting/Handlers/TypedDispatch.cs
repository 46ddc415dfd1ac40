using System.Text.Json;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Hosting.Handlers;

/// <summary>Typed handlers with their settings. Immutable.</summary>
/// <param name="Handlers">The handlers.</param>
/// <param name="Json">How payloads are read.</param>
/// <param name="RefuseUnknown">Whether an event without a handler is a failure.</param>
internal sealed record TypedDispatch(TypedHandlers Handlers, JsonSerializerOptions Json, bool RefuseUnknown)
{
    /// <summary>Hands an event to its handler.</summary>
    /// <exception cref="UnhandledEventException">There is none, and that is a failure.</exception>
    /// <exception cref="UnreadableEventException">The payload does not fit the handler's class.</exception>
    public ValueTask HandleAsync(object projection, PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        if (Handlers.For(e) is { } handler)
        {
            return handler(projection, e, Json, context, cancellationToken);
        }

        return RefuseUnknown ? throw new UnhandledEventException(projection.GetType(), e) : ValueTask.CompletedTask;
    }
}
