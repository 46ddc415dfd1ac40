namespace Orchestrator.Testing;

/// <summary>There is no PostgreSQL to run against, or it did not start. The message lists what was tried and how to get each.</summary>
public sealed class PostgreSqlUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was tried, and the way out.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public PostgreSqlUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
