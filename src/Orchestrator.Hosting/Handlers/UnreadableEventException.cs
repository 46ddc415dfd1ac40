using Orchestrator.Events;

namespace Orchestrator.Hosting.Handlers;

/// <summary>A payload cannot be read into the class that a handler wants. Never quotes the payload.</summary>
internal sealed class UnreadableEventException(PersistedEvent e, Type target, string reason, Exception? inner = null) : Exception(
    $"The payload of {EventName.Of(e)} cannot be read as {target}: {reason}. Change the class or its converters so that it reads every payload of this event type, or set EventJsonOptions.", inner);
