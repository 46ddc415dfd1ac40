using System.Data.Common;
using Npgsql;
using Orchestrator.Hosting.Checkpoints;

namespace Orchestrator.PostgreSql.Tests.Checkpoints;

/// <summary>What comes of a batch whose handler ends its transaction: by SQL, on the connection or enqueued, or by the API.</summary>
[TestFixture]
internal sealed class HandlerEndsTransactionTests : FencedBatchFixture
{
    [TestCase("COMMIT", TransactionEnd.Committed)]
    [TestCase("ROLLBACK", TransactionEnd.RolledBack)]
    [TestCase("COMMIT; BEGIN", TransactionEnd.Committed)]
    [TestCase("ROLLBACK; BEGIN", TransactionEnd.RolledBack)]
    public async Task CommitAsync_HandlerEndedTheTransactionBySql_SaysHowAndSendsNothing(string sql, object how)
    {
        await using IFencedBatch batch = await BeginAsync();
        var connection = (NpgsqlConnection)await batch.Context.GetConnectionAsync();
        await using (var command = new NpgsqlCommand(sql, connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        batch.Context.Enqueue(Insert, Key("a"), 1L);

        Assert.That(async () => await batch.CommitAsync(5), Throws.InstanceOf<BatchTransactionEndedException>().With.Property(nameof(BatchTransactionEndedException.End)).EqualTo(how));
        await batch.DisposeAsync();
        Assert.That(await KeysAsync(), Is.Empty);
        Assert.That(await PositionAsync(), Is.Zero);
        await MoveAsync(Worker, Generation, Row, 6);
    }

    [TestCase("COMMIT", typeof(BatchTransactionEndedException))]
    [TestCase("ROLLBACK", typeof(InvalidOperationException))]
    public async Task CommitAsync_EnqueuedStatementEndsTheTransaction_SaysSoAndMovesNothing(string sql, Type error)
    {
        await using IFencedBatch batch = await BeginAsync();
        batch.Context.Enqueue(sql);

        Assert.That(() => batch.CommitAsync(5), Throws.InstanceOf(error));

        await batch.DisposeAsync();
        Assert.That(await PositionAsync(), Is.Zero);
        await MoveAsync(Worker, Generation, Row, 6);
    }

    [TestCase("commit", TransactionEnd.Committed)]
    [TestCase("rollback", TransactionEnd.RolledBack)]
    [TestCase("dispose", TransactionEnd.RolledBack)]
    [TestCase("close", TransactionEnd.ConnectionClosed)]
    [TestCase("dispose the connection", TransactionEnd.ConnectionClosed)]
    public async Task CommitAsync_HandlerEndedTheTransactionByTheApi_SaysHowAndSendsNothing(string what, object how)
    {
        await using IFencedBatch batch = await BeginAsync();
        DbConnection connection = await batch.Context.GetConnectionAsync();
        await (what switch
        {
            "commit" => batch.Context.Transaction.CommitAsync(),
            "rollback" => batch.Context.Transaction.RollbackAsync(),
            "dispose" => batch.Context.Transaction.DisposeAsync().AsTask(),
            "dispose the connection" => connection.DisposeAsync().AsTask(),
            _ => connection.CloseAsync(),
        });
        batch.Context.Enqueue(Insert, Key("a"), 1L);

        Assert.That(async () => await batch.CommitAsync(5), Throws.InstanceOf<BatchTransactionEndedException>().With.Property(nameof(BatchTransactionEndedException.End)).EqualTo(how));
        await batch.DisposeAsync();
        Assert.That(await KeysAsync(), Is.Empty);
        Assert.That(await PositionAsync(), Is.Zero);
        await MoveAsync(Worker, Generation, Row, 6);
    }

    [Test]
    public async Task BeginEventsAsync_HandlerBeforeEndedTheTransaction_StopsThereAtOnce()
    {
        await using IFencedBatch batch = await BeginAsync();
        await BeginEventAsync(batch, 1);
        await batch.Context.GetConnectionAsync();
        await batch.Context.Transaction.CommitAsync();

        // What the next handler writes on the connection would take effect at once, and without the checkpoint.
        Assert.That(async () => await BeginEventAsync(batch, 2), Throws.InstanceOf<BatchTransactionEndedException>());
    }

    [TestCase("COMMIT", true)]
    [TestCase("COMMIT; BEGIN", true)]
    [TestCase("ROLLBACK", false)]
    [TestCase("SELECT 1", false)]
    public async Task FindCommitAsync_HandlerFailed_SaysWhetherItHadCommitted(string sql, bool committed)
    {
        await using IFencedBatch batch = await BeginAsync();
        var connection = (NpgsqlConnection)await batch.Context.GetConnectionAsync();
        await using (var command = new NpgsqlCommand(sql, connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        var failure = new FormatException();
        Exception? found = await batch.FindCommitAsync(failure);

        Assert.That(found, committed ? Is.InstanceOf<BatchTransactionEndedException>().With.InnerException.SameAs(failure) : Is.Null);
    }
}
