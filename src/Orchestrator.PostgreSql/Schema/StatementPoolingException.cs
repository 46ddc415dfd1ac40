namespace Orchestrator.PostgreSql.Schema;

/// <summary>A proxy between the worker and the server lets no transaction through. Nothing can be done without one, so no worker is registered.</summary>
public sealed class StatementPoolingException : SchemaException
{
    internal StatementPoolingException(string source, Exception innerException)
        : base($"A proxy that pools statements (PgBouncer with pool_mode=statement) stands between {source} and the server, and lets no transaction through. Set its pool_mode to transaction or session for this database, or connect to the server itself.", innerException)
    {
    }
}
