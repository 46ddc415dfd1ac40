using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.PostgreSql.Connections;

namespace Orchestrator.PostgreSql.Generations;

/// <summary>
/// Has a forming generation take over checkpoints inside a transition: those that are free now, or else the first one to come free. The row lock is the barrier behind the batch in flight; rows that stay
/// as they are are neither locked nor written.
/// </summary>
internal sealed class RowTakeOver(WorkerSession session, long generationId)
{
    /// <summary>Takes a step.</summary>
    /// <param name="members">The generation's members.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Activation> RunAsync(IReadOnlyList<MemberProjections> members, CancellationToken cancellationToken)
    {
        List<Checkpoint> rows = await CheckpointRows.ReadAsync(session.Connection.Command(session.Sql["take_over_read_checkpoints"], session.ReplicaSet), cancellationToken).ConfigureAwait(false);
        ImmutableArray<RowChange> changes = RollingRecut.Changes(rows, members, generationId);
        if (changes.IsEmpty)
        {
            await FinishAsync([.. members.Select(member => member.WorkerId)], cancellationToken).ConfigureAwait(false);
            return Activation.Of(rows.Select(row => (row.Projection, row.WorkerId)));
        }

        HashSet<Checkpoint> existing = [.. rows];
        ILookup<bool, RowChange> isThere = changes.ToLookup(change => existing.Contains(change.Row));
        List<Checkpoint> locked = await LockAsync([.. isThere[true]], wait: !isThere[false].Any(), cancellationToken).ConfigureAwait(false);
        ImmutableArray<(Checkpoint Row, ImmutableArray<Checkpoint> Parts)> moves =
        [
            .. from row in locked
               let cut = isThere[true].First(change => change.Row.Names(row)).PartsOf(row)
               where !cut.IsEmpty
               select (row, cut),
        ];
        Checkpoint[] parts = [.. moves.SelectMany(move => move.Parts), .. isThere[false].SelectMany(change => change.Parts)];
        await using NpgsqlBatch batch = new NpgsqlBatch(session.Connection)
            .WithCheckpoints(session, [.. moves.Select(move => move.Row)], parts)
            .With(session.Sql["notify_replica_set"], session.Channel);
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        return new Activation([]) { Moved = moves.Length + isThere[false].Count() };
    }

    private async Task<List<Checkpoint>> LockAsync(RowChange[] changes, bool wait, CancellationToken cancellationToken)
    {
        Checkpoint[] rows = [.. changes.Select(change => change.Row)];
        List<Checkpoint> free = await CheckpointRows.ReadAsync(
            session.Connection.Command(
                session.Sql["take_over_lock_free"], session.ReplicaSet, rows.Select(row => row.Projection).ToArray(), rows.Select(row => row.Version).ToArray(),
                rows.Select(row => row.Slots.From).ToArray(), rows.Select(row => row.GenerationId).ToArray()),
            cancellationToken).ConfigureAwait(false);
        if (free.Count > 0 || !wait)
        {
            return free;
        }

        Checkpoint first = rows[0];
        return await CheckpointRows.ReadAsync(
            session.Connection.Command(session.Sql["take_over_lock_one"], session.ReplicaSet, first.Projection, first.Version, first.Slots.From, first.GenerationId),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task FinishAsync(Guid[] members, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = new NpgsqlBatch(session.Connection)
            .With(session.Sql["take_over_acknowledge"], generationId, members)
            .WithActivation(session, generationId, members);
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
