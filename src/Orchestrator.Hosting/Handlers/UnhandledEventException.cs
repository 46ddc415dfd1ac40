using Orchestrator.Events;

namespace Orchestrator.Hosting.Handlers;

/// <summary>A projection that refuses unknown events has met one.</summary>
internal sealed class UnhandledEventException(Type projection, PersistedEvent e) : Exception(
    $"{projection} has no handler for {EventName.Of(e)}, and UnknownEvents is Refuse. Implement IHandle for the event type '{e.EventType}', leave it out by a filter, or set UnknownEvents to Ignore.");
