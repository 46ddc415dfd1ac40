namespace Orchestrator.Events;

/// <summary>
/// The connection was lost while the store's own transaction may have been committing: the events are in the log, all of them, or none is. Append the same events, with the same ids, again:
/// <see cref="DuplicateEventException"/> then means that they were there already.
/// </summary>
public sealed class AppendOutcomeUnknownException : EventStoreException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="innerException">How the connection was lost.</param>
    public AppendOutcomeUnknownException(Exception innerException)
        : base(
            "The connection was lost during the append: its events are in the log, all of them, or none is. "
            + "Append the same events, with the same ids, again: if they are there already, that throws a DuplicateEventException.",
            innerException)
    {
    }
}
