using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.PostgreSql.Connections;

namespace Orchestrator.PostgreSql.Generations;

/// <summary>Takes a partition that is set by hand: the row locks on what no living worker owns are the barrier. The others' rows are neither locked nor written, so that nobody pauses.</summary>
internal sealed class PartitionTaker(WorkerSession session)
{
    public Task<PartitionTake?> RunAsync(StaticPartition partition, CancellationToken cancellationToken) =>
        new Transition(session, "take a partition").RunAsync([], token => TakeAsync(partition, token), cancellationToken);

    private async Task<PartitionTake?> TakeAsync(StaticPartition partition, CancellationToken cancellationToken)
    {
        (MemberProjections? taker, List<PartitionHolder> holders) = await ReadWorkersAsync(cancellationToken).ConfigureAwait(false);
        if (taker is null)
        {
            return null;
        }

        if (PartitionHolder.Refusal(partition, holders) is { } cause)
        {
            return new PartitionTake.Refused(cause);
        }

        Guid[] stay = [.. holders.Select(holder => holder.WorkerId)];
        (long stamp, List<Checkpoint> free, List<Checkpoint> others) = await StampAsync(partition, stay, cancellationToken).ConfigureAwait(false);
        ImmutableArray<Checkpoint> cut = CheckpointRecut.Take([.. free, .. others], taker, partition.Share, stay, stamp);
        await using NpgsqlBatch batch = new NpgsqlBatch(session.Connection)
            .WithCheckpoints(session, free, cut)
            .With(session.Sql["take_partition"], session.WorkerId, partition.Key, stamp)
            .With(session.Sql["notify_replica_set"], session.Channel);
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        return PartitionTake.Taken.Of(stamp, partition.Share, cut.Select(row => (row.Projection, row.Slots, row.WorkerId)));
    }

    private async Task<(MemberProjections? Taker, List<PartitionHolder> Holders)> ReadWorkersAsync(CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.With(session.Sql["take_worker"], session.WorkerId).With(session.Sql["take_holders"], session.ReplicaSet, session.WorkerId);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        MemberProjections? taker = await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? new MemberProjections(session.WorkerId, [.. reader.GetFieldValue<string[]>(0)], reader.GetInt32(1))
            : null;
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        var holders = new List<PartitionHolder>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            StaticPartition? taken = reader.GetBoolean(3) ? new StaticPartition(reader.GetInt32(4), reader.GetInt32(5)) : null;
            holders.Add(new PartitionHolder(reader.GetGuid(0), reader.GetString(1), reader.GetInt32(2), taken));
        }

        return (taker, holders);
    }

    /// <summary>Makes the stamp, and reads the rows: those that nobody who stays owns behind their locks, then the others' as they are.</summary>
    private async Task<(long Stamp, List<Checkpoint> Free, List<Checkpoint> Others)> StampAsync(StaticPartition partition, Guid[] stay, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.With(session.Sql["take_supersede"], session.ReplicaSet, session.WorkerId)
            .With(session.Sql["take_generation"], session.ReplicaSet, session.WorkerId, partition.Total, $"{partition}, set by hand")
            .With(session.Sql["take_lock_checkpoints"], session.ReplicaSet, stay)
            .With(session.Sql["take_others_checkpoints"], session.ReplicaSet, stay);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        long stamp = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        List<Checkpoint> free = await CheckpointRows.ReadAsync(reader, cancellationToken).ConfigureAwait(false);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        return (stamp, free, await CheckpointRows.ReadAsync(reader, cancellationToken).ConfigureAwait(false));
    }
}
