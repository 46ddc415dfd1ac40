using Npgsql;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Diagnostics;
using Orchestrator.PostgreSql.Generations;

namespace Orchestrator.PostgreSql.Membership;

/// <summary>
/// How a worker goes off the roster by itself. One whose session ends without that is seen to be gone by its lock. Behind a proxy nobody sees it end: so it says farewell once more, where the database can be
/// reached, and the others need not wait until its heartbeat has stood still for long enough.
/// </summary>
internal sealed class Farewell(WorkerSession session)
{
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(2);

    /// <summary>The statements.</summary>
    public static NpgsqlBatch CreateBatch(WorkerSession session, NpgsqlConnection connection) => new NpgsqlBatch(connection)
        .With(session.Sql["leave_heartbeat"], session.WorkerId)
        .With(session.Sql["leave_worker"], session.WorkerId)
        .With(session.Sql["leave_locks"])
        .With(session.Sql["notify_replica_set"], session.Channel);

    /// <summary>Tries once, on a connection of its own: the worker's may be what was lost.</summary>
    public async Task SayAsync()
    {
        using var deadline = new CancellationTokenSource(LongestTry, session.Services.Time);
        try
        {
            await using KeptSession kept = await session.Services.Connections.OpenSessionAsync(SessionName.Of(session.WorkerId, session.ReplicaSet), deadline.Token).ConfigureAwait(false);
            await using NpgsqlBatch batch = CreateBatch(session, kept.Connection);
            await batch.ExecuteNonQueryAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (DatabaseUnavailableException.IsMeantFor(exception) || exception is OperationCanceledException)
        {
            session.Services.Logger.FarewellNotSaid(exception, session.WorkerId, session.ReplicaSet);
        }
    }
}
