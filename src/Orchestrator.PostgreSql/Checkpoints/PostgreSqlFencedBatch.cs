using System.Globalization;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.Projections;

namespace Orchestrator.PostgreSql.Checkpoints;

/// <summary>One attempt at a batch: the transaction that holds the checkpoint's lock, and everything that commits with it.</summary>
internal sealed class PostgreSqlFencedBatch(
    Fence fence, Checkpoint locked, long connectionOpenedAt, PostgreSqlProjectionContext context, BatchTransaction transaction, CommandQueue queue, SqlCatalog sql) : IFencedBatch
{
    public Checkpoint Checkpoint => locked;

    public long ConnectionOpenedAt => connectionOpenedAt;

    public ProjectionContext Context => context;

    public ValueTask BeginEventsAsync(PersistedEvent first, PersistedEvent last, CancellationToken cancellationToken) => context.BeginEventsAsync(first, last, cancellationToken);

    public async ValueTask<Exception?> FindCommitAsync(Exception failure) =>
        transaction.HandedOut && failure is not BatchTransactionEndedException ? await FindEndAsync(failure).ConfigureAwait(false) : null;

    public async Task CommitAsync(long position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(position, locked.Position);
        context.End();
        NpgsqlBatchCommand move = CreateMove(position);
        try
        {
            // In one round trip: where the checkpoint does not move, the server does not come to the COMMIT.
            await queue.SendAsync([move, new NpgsqlBatchCommand("COMMIT")], CancellationToken.None).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DivisionByZero && move.StatementType == StatementType.Unknown)
        {
            throw await DescribeAsync(e).ConfigureAwait(false);
        }

        context.RunCommitted();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            context.Release();
        }
        finally
        {
            await transaction.Transaction.DisposeAsync().ConfigureAwait(false);
            await transaction.Connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<BatchTransactionEndedException?> FindEndAsync(Exception failure) =>
        await transaction.IsCommittedAsync().ConfigureAwait(false) ? new BatchTransactionEndedException(context.Projection, TransactionEnd.Committed, failure) : null;

    // A handler has moved the checkpoint by itself, or enqueued a statement that ended the transaction.
    private async Task<Exception> DescribeAsync(PostgresException failure) => await FindEndAsync(failure).ConfigureAwait(false) as Exception
        ?? new InvalidOperationException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The checkpoint of '{locked.Projection}' {locked.Slots} was changed inside its own batch, or the transaction ended: it is not at {locked.Position} under generation {locked.GenerationId} there any more. Handlers must neither write the checkpoints table nor enqueue COMMIT or ROLLBACK. The batch was rolled back."),
            failure);

    private NpgsqlBatchCommand CreateMove(long position)
    {
        var command = new NpgsqlBatchCommand(sql["batch_move_checkpoint"]);
        foreach (object value in (ReadOnlySpan<object>)[
            fence.ReplicaSet, locked.Projection, locked.Version, locked.Slots.From, locked.GenerationId, fence.WorkerId, locked.Position, position, transaction.Id])
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
