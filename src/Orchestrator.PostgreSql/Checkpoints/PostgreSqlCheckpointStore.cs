using System.Collections.Immutable;
using System.Data;
using Npgsql;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Checkpoints;

/// <summary>The checkpoints table, each row behind its fence.</summary>
internal sealed class PostgreSqlCheckpointStore(PostgreSqlConnections connections, SqlCatalog sql) : ICheckpointStore
{
    public async Task<ImmutableArray<Checkpoint>> LoadAsync(Fence fence, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await connections.Work.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using NpgsqlCommand command = connection.Command(sql["load_checkpoints"], fence.ReplicaSet, fence.WorkerId);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var rows = ImmutableArray.CreateBuilder<Checkpoint>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var slots = new SlotRange(reader.GetInt32(2), reader.GetInt32(3));
            rows.Add(new Checkpoint(reader.GetString(0), reader.GetInt32(1), slots, reader.GetInt64(4), reader.GetInt64(5), fence.WorkerId));
        }

        return rows.DrainToImmutable();
    }

    public async Task<ImmutableArray<ProjectionProgress>> ReadProgressAsync(string replicaSet, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await connections.Work.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using NpgsqlCommand command = connection.Command(sql["read_progress"], replicaSet);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var progress = ImmutableArray.CreateBuilder<ProjectionProgress>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            progress.Add(new ProjectionProgress(reader.GetString(0), reader.GetInt64(1)));
        }

        return progress.DrainToImmutable();
    }

    public async ValueTask<IFencedBatch?> BeginAsync(Fence fence, Checkpoint row, IServiceProvider services, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await connections.Batches.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        NpgsqlTransaction? transaction = null;
        try
        {
            // Npgsql sends BEGIN with the first statement: beginning is one round trip.
            transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
            if (await LockAsync(transaction, fence, row, cancellationToken).ConfigureAwait(false) is { } locked)
            {
                var begun = new BatchTransaction(transaction, locked.TransactionId, row.Projection, connections.Work, sql);
                var queue = new CommandQueue(begun, sql);
                var context = new PostgreSqlProjectionContext(fence, locked.Row, services, begun, queue);
                return new PostgreSqlFencedBatch(fence, locked.Row, locked.ConnectionOpenedAt, context, begun, queue, sql);
            }
        }
        catch
        {
            await CloseAsync(connection, transaction).ConfigureAwait(false);
            throw;
        }

        await CloseAsync(connection, transaction).ConfigureAwait(false);
        return null;
    }

    public async Task<Checkpoint?> MergeAsync(Fence fence, Checkpoint lower, Checkpoint upper, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await connections.Work.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        List<(SlotRange Slots, long Position)> rows = await LockBothAsync(transaction, fence, lower, upper, cancellationToken).ConfigureAwait(false);
        if (rows is not [var (below, position), var (above, upperPosition)] || below.To != above.From || position != upperPosition)
        {
            return null;
        }

        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.With(sql["merge_extend_checkpoint"], fence.ReplicaSet, lower.Projection, lower.Version, below.From, above.To)
            .With(sql["merge_delete_checkpoint"], fence.ReplicaSet, lower.Projection, lower.Version, above.From);
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        return lower with { Slots = new SlotRange(below.From, above.To), Position = position };
    }

    private async Task<LockedRow?> LockAsync(NpgsqlTransaction transaction, Fence fence, Checkpoint row, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.With(sql[connections.Proxies.WorkIsIndirect ? "batch_limits_proxied" : "batch_limits"], SessionName.Of(fence.WorkerId, fence.ReplicaSet))
            .With(sql["batch_lock_checkpoint"], fence.ReplicaSet, row.Projection, row.Version, row.Slots.From, row.GenerationId, fence.WorkerId);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        long openedAt = await ReadOpenedAtAsync(transaction.Connection!, reader, cancellationToken).ConfigureAwait(false);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var slots = new SlotRange(row.Slots.From, reader.GetInt32(1));
        return new LockedRow(new Checkpoint(row.Projection, row.Version, slots, reader.GetInt64(0), row.GenerationId, fence.WorkerId), reader.GetInt64(2), openedAt);
    }

    private async ValueTask<long> ReadOpenedAtAsync(NpgsqlConnection connection, NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (!connections.Proxies.WorkIsIndirect)
        {
            return connections.OpenedAt(connection);
        }

        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return connections.OpenedAt(reader.GetInt32(4), reader.GetDateTime(5));
    }

    private async Task<List<(SlotRange Slots, long Position)>> LockBothAsync(
        NpgsqlTransaction transaction, Fence fence, Checkpoint lower, Checkpoint upper, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.With(sql["batch_limits"], SessionName.Of(fence.WorkerId, fence.ReplicaSet))
            .With(
                sql["merge_lock_checkpoints"], fence.ReplicaSet, lower.Projection, lower.Version, fence.WorkerId, lower.Slots.From, lower.GenerationId, upper.Slots.From, upper.GenerationId);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        var rows = new List<(SlotRange, long)>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add((new SlotRange(reader.GetInt32(0), reader.GetInt32(1)), reader.GetInt64(2)));
        }

        return rows;
    }

    private static async Task CloseAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction)
    {
        if (transaction is not null)
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private sealed record LockedRow(Checkpoint Row, long TransactionId, long ConnectionOpenedAt);
}
