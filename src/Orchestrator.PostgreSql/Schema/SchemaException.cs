namespace Orchestrator.PostgreSql.Schema;

/// <summary>The database's schema is not what this version of the library can work with. The derived types say why, the messages what mends it.</summary>
public class SchemaException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, and the way out.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SchemaException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
