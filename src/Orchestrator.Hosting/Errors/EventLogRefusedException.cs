namespace Orchestrator.Hosting.Errors;

/// <summary>
/// The event log must not be read as it is: projections could pass over events. Thrown by <c>IEventLog.ReadAsync</c>. The worker that meets it drains and leaves; the replica set is not ready, says why, and
/// tries to register again until the log is fit to be read. The message says what mends it.
/// </summary>
public class EventLogRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, and the way out.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public EventLogRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
