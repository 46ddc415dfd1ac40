namespace Orchestrator.Events;

/// <summary>An append or a read that the event store refused. The derived types say why.</summary>
public class EventStoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, and the way out.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public EventStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
