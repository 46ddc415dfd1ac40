using Npgsql;
using Orchestrator.Hosting.Generations;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Diagnostics;

namespace Orchestrator.PostgreSql.Generations;

/// <summary>Takes dead and stale workers off the roster, then ends what is left of their sessions.</summary>
internal sealed class WorkerRemover(WorkerSession session)
{
    public async Task<IReadOnlyList<Guid>> RunAsync(IReadOnlyList<WorkerRemoval> removals, CancellationToken cancellationToken)
    {
        // A leader that froze in the middle of a transition holds the very lock that its removal needs.
        ExcusedWorker[] excused = [.. removals.Select(removal => new ExcusedWorker(removal.WorkerId, removal.Reason == RemovalReason.Stale ? removal.ObservedSequence : null))];
        List<Guid> removed = await new Transition(session, "remove workers")
            .RunAsync(excused, token => RemoveAsync(removals, token), cancellationToken).ConfigureAwait(false) ?? [];
        if (removed.Count > 0)
        {
            await EndSessionsAsync([.. removed], cancellationToken).ConfigureAwait(false);
        }

        return removed;
    }

    private async Task<List<Guid>?> RemoveAsync(IReadOnlyList<WorkerRemoval> removals, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.With(
                session.Sql["remove_workers"], session.ReplicaSet, removals.Select(removal => removal.WorkerId).ToArray(),
                removals.Select(removal => removal.Reason == RemovalReason.Dead).ToArray(), removals.Select(removal => removal.ObservedSequence).ToArray())
            .With(session.Sql["notify_replica_set"], session.Channel);
        var removed = new List<Guid>();
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            removed.Add(reader.GetGuid(0));
        }

        return removed.Count > 0 ? removed : null;
    }

    // After the commit, before anything is formed without them: a frozen process must hold no lock on a read model when its slots move.
    private async Task EndSessionsAsync(Guid[] removed, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = session.Connection.Command(session.Sql["remove_sessions"], removed);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            session.Services.Logger.RemovedWorkersSessionEnded(reader.GetInt32(0), session.ReplicaSet);
        }
    }
}
