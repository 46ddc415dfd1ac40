using Orchestrator.Hosting.Membership;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>
/// Checks the schema before a worker registers: at every start and after every lost session. Where the schema is wrong the host lives on, logs why, and tries again.
/// </summary>
internal sealed class SchemaCheckedMembershipStore(IMembershipStore inner, SchemaGate gate) : IMembershipStore
{
    public async Task<IControlSession> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        await gate.PassAsync(cancellationToken).ConfigureAwait(false);
        return await inner.RegisterAsync(registration, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IHeartbeatSession> OpenHeartbeatAsync(string replicaSet, Guid workerId, CancellationToken cancellationToken) =>
        inner.OpenHeartbeatAsync(replicaSet, workerId, cancellationToken);
}
