using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Hosting.Handlers;

/// <summary>The handlers of a class that implements <see cref="IHandle{TEvent}"/>, by event type. Reflected once, when the projection is registered. Immutable.</summary>
internal sealed class TypedHandlers
{
    private readonly FrozenDictionary<string, TypedHandler> _handlers;

    private TypedHandlers(Dictionary<string, TypedHandler> handlers) => _handlers = handlers.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The event types that have a handler.</summary>
    public IReadOnlyCollection<string> EventTypes => _handlers.Keys;

    /// <summary>Finds the handlers of a class.</summary>
    /// <returns>The handlers, or null when the class has none.</returns>
    /// <exception cref="ArgumentException">Two handlers are for one event type, or an event's class cannot be read from a payload.</exception>
    public static TypedHandlers? Of(Type projection)
    {
        var handlers = new Dictionary<string, TypedHandler>(StringComparer.Ordinal);
        foreach (Type handled in projection.GetInterfaces().Where(candidate => HandlerKinds.IsClosed(candidate, typeof(IHandle<>))))
        {
            Type eventClass = handled.GetGenericArguments()[0];
            if (!handlers.TryAdd(EventTypeOf(projection, eventClass), Create(eventClass)))
            {
                throw new ArgumentException(
                    $"{projection} has two handlers for the event type '{EventTypeOf(projection, eventClass)}', one of them for {eventClass}. Give the classes different names by [EventType], or remove one handler.");
            }
        }

        return handlers.Count == 0 ? null : new TypedHandlers(handlers);
    }

    /// <summary>Finds the handler for an event.</summary>
    /// <returns>The handler, or null.</returns>
    public TypedHandler? For(PersistedEvent e) => _handlers.GetValueOrDefault(e.EventType);

    private static string EventTypeOf(Type projection, Type eventClass)
    {
        EventTypeAttribute? attribute = eventClass.GetCustomAttribute<EventTypeAttribute>();
        if (attribute is not null)
        {
            return !string.IsNullOrWhiteSpace(attribute.Name) ? attribute.Name : throw new ArgumentException($"The [EventType] of {eventClass} has no name.");
        }

        return !eventClass.IsGenericType
            ? eventClass.Name
            : throw new ArgumentException($"{projection} handles {eventClass}. A generic class has no name that could be an event type: say the event type by [EventType], or handle a class that is not generic.");
    }

    private static TypedHandler Create(Type eventClass) =>
        typeof(TypedHandlers).GetMethod(nameof(InvokeAsync), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(eventClass).CreateDelegate<TypedHandler>();

    private static ValueTask InvokeAsync<TEvent>(object handler, PersistedEvent envelope, JsonSerializerOptions json, ProjectionContext context, CancellationToken cancellationToken)
        where TEvent : class => ((IHandle<TEvent>)handler).HandleAsync(EventReader.Read<TEvent>(envelope, json), envelope, context, cancellationToken);
}

/// <summary>Reads an event's payload and hands it to its handler.</summary>
/// <param name="handler">The projection's instance.</param>
/// <param name="envelope">The event as the log holds it.</param>
/// <param name="json">How the payload is read.</param>
/// <param name="context">The batch's context.</param>
/// <param name="cancellationToken">For the handler.</param>
internal delegate ValueTask TypedHandler(object handler, PersistedEvent envelope, JsonSerializerOptions json, ProjectionContext context, CancellationToken cancellationToken);
