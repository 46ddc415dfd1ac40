using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Generations;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Membership;

/// <summary>Workers meet in PostgreSQL's tables; a session lock is a worker's life. Behind a proxy that pools transactions there is none, and a worker lives by its heartbeat alone.</summary>
internal sealed class PostgreSqlMembershipStore(PostgreSqlConnections connections, SqlCatalog sql, TimeProvider time, ILogger<PostgreSqlMembershipStore> logger) : IMembershipStore
{
    private readonly SessionServices _services = new(connections, sql, time, logger);

    public async Task<IControlSession> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        KeptSession kept = await connections.OpenSessionAsync(SessionName.Of(registration.WorkerId, registration.ReplicaSet), cancellationToken).ConfigureAwait(false);
        try
        {
            // The order matters: a row without a lock means death, and whoever reads the row must find someone who hears.
            WorkerSession session = await LockAsync(kept, registration, cancellationToken).ConfigureAwait(false);
            await ListenAsync(session, cancellationToken).ConfigureAwait(false);
            var control = new PostgreSqlControlSession(session);
            await WriteRowsAsync(session, registration, cancellationToken).ConfigureAwait(false);
            return control;
        }
        catch
        {
            await kept.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask<IHeartbeatSession> OpenHeartbeatAsync(string replicaSet, Guid workerId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        KeptSession kept = connections.OpenSession(SessionName.Of(workerId, replicaSet));
        return ValueTask.FromResult<IHeartbeatSession>(PostgreSqlHeartbeatSession.Start(kept, sql, workerId));
    }

    private async Task<WorkerSession> LockAsync(KeptSession kept, WorkerRegistration registration, CancellationToken cancellationToken)
    {
        SqlCatalog statements = kept.IsShared ? sql.Proxied : sql;
        await using NpgsqlCommand command = kept.Connection.Command(statements["register_lock_worker"], registration.ReplicaSet, registration.WorkerId);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (!reader.GetBoolean(0))
        {
            throw new InvalidOperationException($"The worker id {registration.WorkerId} is in use by a living session. A worker id is new for every start.");
        }

        return new WorkerSession(kept, registration.WorkerId, registration.ReplicaSet, reader.GetInt64(1), reader.GetString(2), _services);
    }

    private async Task WriteRowsAsync(WorkerSession session, WorkerRegistration registration, CancellationToken cancellationToken)
    {
        await using (var check = new NpgsqlBatch(session.Connection))
        {
            check.With(sql["register_replica_set"], registration.ReplicaSet).With(sql["register_check_slots"], registration.ReplicaSet);
            await using NpgsqlDataReader reader = await check.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (reader.GetInt32(0) != SlotRange.Count || !reader.GetBoolean(1))
            {
                throw new SlotHashMismatchException(registration.ReplicaSet, reader.GetInt32(0));
            }
        }

        await using var batch = new NpgsqlBatch(session.Connection);
        batch.With(
                session.Sql["register_worker"], registration.WorkerId, registration.ReplicaSet, registration.Projections.ToArray(), registration.HostName, registration.ProcessId,
                registration.ApplicationVersion, registration.Lanes, registration.IsStatic ? "static" : "ready")
            .With(sql["register_heartbeat"], registration.WorkerId, registration.ReplicaSet)
            .With(sql["notify_leader"], session.Channel);
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task ListenAsync(WorkerSession session, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = session.Connection.Command(session.Sql["register_listen"].Replace("orc_channel", session.Channel, StringComparison.Ordinal));
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
