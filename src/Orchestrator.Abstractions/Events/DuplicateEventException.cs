namespace Orchestrator.Events;

/// <summary>An event with this id is already in the log, or occurs twice in one append; nothing was written. After an append whose outcome was unknown, this means that it succeeded.</summary>
public sealed class DuplicateEventException : EventStoreException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="eventId">The id, or null when the store could not tell which.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public DuplicateEventException(Guid? eventId, Exception? innerException = null)
        : base(
            $"An event with the id {(eventId is { } id ? id.ToString() : "of one of these events")} is already in the log. Nothing was written. "
            + "If this append repeats one whose outcome was unknown, the first one succeeded; otherwise give every event an id of its own.",
            innerException)
        => EventId = eventId;

    /// <summary>The id, or null when the store could not tell which.</summary>
    public Guid? EventId { get; }
}
