using System.Data;
using Npgsql;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Diagnostics;

namespace Orchestrator.PostgreSql.Generations;

/// <summary>
/// One transition: a transaction that holds the replica set's row, so that transitions come one after another, and that checks again what the decision was based on. Whoever believes to
/// lead may try; what counts is what the rows say under this lock.
/// </summary>
internal sealed class Transition(WorkerSession session, string name)
{
    /// <summary>Runs a transition.</summary>
    /// <param name="excused">Workers that nothing waits for any more: their sessions are ended when they hold a lock that does not come.</param>
    /// <param name="body">Checks and writes on the control session, inside the transaction. Null: it must not happen, and the transaction is rolled back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the body returned, once committed; null when it refused, or when a lock did not come in time.</returns>
    public async Task<T?> RunAsync<T>(IReadOnlyList<ExcusedWorker> excused, Func<CancellationToken, Task<T?>> body, CancellationToken cancellationToken)
        where T : class
    {
        await using NpgsqlTransaction transaction = await session.Connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        var watch = new BlockerWatch(session, await LimitAsync(cancellationToken).ConfigureAwait(false), excused);
        try
        {
            Task<T?> run = RunAsync(transaction, body, cancellationToken);
            Task watching = watch.FollowAsync(run);
            try
            {
                return await run.ConfigureAwait(false);
            }
            finally
            {
                await watching.ConfigureAwait(false);
            }
        }
        catch (PostgresException e) when (IsLockNotComing(e))
        {
            session.Services.Logger.TransitionGaveUp(e, name, session.ReplicaSet, watch.Describe());
            return null;
        }
    }

    // A round trip of its own: the answer to what goes along with a statement that waits would come when the wait is over.
    private async Task<int> LimitAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand limits = session.Connection.Command(session.Sql["transition_limits"], SessionName.Of(session.WorkerId, session.ReplicaSet));
        return (int)(await limits.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private async Task<T?> RunAsync<T>(NpgsqlTransaction transaction, Func<CancellationToken, Task<T?>> body, CancellationToken cancellationToken)
        where T : class
    {
        await using (NpgsqlCommand serialise = session.Connection.Command(session.Sql["transition_lock"], session.ReplicaSet))
        {
            await serialise.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        T? result = await body(cancellationToken).ConfigureAwait(false);
        if (result is not null)
        {
            // A commit that is given up halfway has an unknown outcome.
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return result;
    }

    // lock_timeout, statement_timeout, or we were the victim of a deadlock with a session outside the lock order. The session itself is sound.
    private static bool IsLockNotComing(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.DeadlockDetected;
}

/// <summary>A worker that a transition does not wait for.</summary>
/// <param name="WorkerId">The worker.</param>
/// <param name="Sequence">Only while its heartbeat still is this; null: in any case.</param>
internal sealed record ExcusedWorker(Guid WorkerId, long? Sequence);
