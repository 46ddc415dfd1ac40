using Npgsql;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Generations;

namespace Orchestrator.PostgreSql.Membership;

/// <summary>A worker's control session: an unpooled connection that holds the worker's lock and hears its replica set, or, behind a proxy that pools transactions, one that does neither.</summary>
internal sealed class PostgreSqlControlSession : IControlSession
{
    private readonly WorkerSession _session;
    private bool _leads;
    private bool _left;
    private volatile bool _notified;

    public PostgreSqlControlSession(WorkerSession session)
    {
        _session = session;

        // A notification can come in with the answer to any statement, long before anybody waits for it. One with a payload is for who leads.
        session.Connection.Notification += (_, notification) =>
        {
            if (notification.Payload.Length == 0 || _leads)
            {
                _notified = true;
            }
        };
    }

    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TimeProvider time = _session.Services.Time;
        long start = time.GetTimestamp();
        TimeSpan left = timeout;
        while (!_notified && left > TimeSpan.Zero && await _session.Connection.WaitAsync(left, cancellationToken).ConfigureAwait(false))
        {
            left = timeout - time.GetElapsedTime(start);
        }

        _notified = false;
    }

    public async Task<(MembershipView View, bool Leads)> ReadViewAsync(bool tryToLead, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(_session.Connection);
        bool lead = tryToLead || _leads;
        if (lead)
        {
            // Not asked for again once held: session locks count. Should a cancelled attempt have won it unnoticed, the next one takes it twice, which does no harm: it is freed with the session.
            batch.With(_session.Sql["lead_replica_set"], _session.ReplicaSet, _session.WorkerId, _session.LeaderKey, _leads);
        }

        batch.With(_session.Sql["read_membership_view"], _session.ReplicaSet, _session.WorkerId);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        if (lead)
        {
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            _leads = reader.GetBoolean(0);
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }

        return (await MembershipReader.ReadViewAsync(reader, cancellationToken).ConfigureAwait(false), _leads);
    }

    public async Task<Roster> ReadRosterAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = _session.Connection.Command(_session.Sql["read_roster"], _session.ReplicaSet);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await MembershipReader.ReadRosterAsync(reader, cancellationToken).ConfigureAwait(false);
    }

    public async Task AcknowledgeAsync(long generationId, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(_session.Connection);
        batch.With(_session.Sql["acknowledge_generation"], _session.WorkerId, generationId).With(_session.Sql["notify_leader"], _session.Channel);
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task<IReadOnlyList<Guid>> RemoveAsync(IReadOnlyList<WorkerRemoval> removals, CancellationToken cancellationToken) =>
        new WorkerRemover(_session).RunAsync(removals, cancellationToken);

    public Task<long?> FormAsync(FormGeneration transition, CancellationToken cancellationToken) =>
        new GenerationFormer(_session).RunAsync(transition, cancellationToken);

    public Task<Activation?> ActivateAsync(ActivateGeneration transition, CancellationToken cancellationToken) =>
        new GenerationActivator(_session).RunAsync(transition, cancellationToken);

    public Task<PartitionTake?> TakePartitionAsync(StaticPartition partition, CancellationToken cancellationToken) =>
        new PartitionTaker(_session).RunAsync(partition, cancellationToken);

    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = Farewell.CreateBatch(_session, _session.Connection);
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        _leads = false;
        _left = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _session.Kept.DisposeAsync().ConfigureAwait(false);
        if (_session.Kept.IsShared && !_left)
        {
            await new Farewell(_session).SayAsync().ConfigureAwait(false);
        }
    }
}
