namespace Orchestrator.PostgreSql.Schema;

/// <summary>The sessions that a worker keeps would go through a proxy that gives each transaction another session of the server. Locks, LISTEN and settings do not hold there, so no worker is registered.</summary>
public sealed class TransactionPoolingException : SchemaException
{
    internal TransactionPoolingException(string source)
        : base(
            $"A proxy that pools transactions (PgBouncer with pool_mode=transaction, for example) stands between {source} and the server: the session locks and notifications by which workers live do not hold there. "
            + "Set Orchestrator:PostgreSql:CoordinationConnectionString to a direct connection to the same database, or to a proxy's port that pools sessions. Batches and appends may go through the proxy as before.")
    {
    }
}
