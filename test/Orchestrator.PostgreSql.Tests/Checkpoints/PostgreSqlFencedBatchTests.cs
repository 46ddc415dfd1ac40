using Npgsql;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.PostgreSql.Checkpoints;

namespace Orchestrator.PostgreSql.Tests.Checkpoints;

/// <summary>What handlers write, what fails of it, and what a batch sets for itself.</summary>
[TestFixture]
internal sealed class PostgreSqlFencedBatchTests : FencedBatchFixture
{
    [Test]
    public async Task CommitAsync_EnqueuedStatements_TakeEffectWithTheCheckpoint()
    {
        await using IFencedBatch batch = await BeginAsync();
        batch.Context.Enqueue(Insert, Key("a"), 1L);
        batch.Context.Enqueue(Insert, Key("b"), 2L);
        Assert.That(await KeysAsync(), Is.Empty, "not before the commit");

        await batch.CommitAsync(5);

        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(await PositionAsync(), Is.EqualTo(5));
    }

    [Test]
    public async Task DisposeAsync_WithoutCommit_TakesEverythingBack()
    {
        await using (IFencedBatch batch = await BeginAsync())
        {
            batch.Context.Enqueue(Insert, Key("a"), 1L);
            await InsertDirectlyAsync(batch, "b");
        }

        Assert.That(await KeysAsync(), Is.Empty);
        Assert.That(await PositionAsync(), Is.Zero);
    }

    [Test]
    public async Task GetConnectionAsync_BetweenEnqueuedStatements_KeepsTheOrder()
    {
        await using IFencedBatch batch = await BeginAsync();
        await BeginEventAsync(batch, 1);
        batch.Context.Enqueue(Insert, Key("1-enqueued"), 1L);
        await BeginEventAsync(batch, 2);
        await InsertDirectlyAsync(batch, "2-directly");
        batch.Context.Enqueue(Insert, Key("2-enqueued"), 1L);

        // The handler keeps the connection and does not ask again.
        var connection = (NpgsqlConnection)await batch.Context.GetConnectionAsync();
        batch.Context.Enqueue(Insert, Key("2-enqueued-again"), 1L);
        await BeginEventAsync(batch, 3);
        await using (var command = new NpgsqlCommand($"INSERT INTO read_model (key, value) VALUES ('{Key("3-directly")}', 1)", connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        batch.Context.Enqueue(Insert, Key("3-enqueued"), 1L);
        await batch.CommitAsync(5);

        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "1-enqueued", "2-directly", "2-enqueued", "2-enqueued-again", "3-directly", "3-enqueued" }));
    }

    [Test]
    public async Task Enqueue_NullsArraysAndTypedParameters_AreSentAsTheyAre()
    {
        await using IFencedBatch batch = await BeginAsync();
        batch.Context.Enqueue("INSERT INTO read_model (key, value) SELECT k, coalesce($2::bigint, v) FROM unnest($1::text[]) k, (SELECT $3::bigint AS v) x",
            new[] { Key("a"), Key("b") }, null, new NpgsqlParameter<long> { TypedValue = 7 });

        await batch.CommitAsync(5);

        Assert.That(await Database.ReadAsync<decimal>($"SELECT sum(value) FROM read_model WHERE key LIKE '{ReplicaSet}%'"), Is.EqualTo(14));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task CommitAsync_EnqueuedStatementFails_NamesItsEvent(bool connectionUsed)
    {
        await using IFencedBatch batch = await BeginAsync();
        await BeginEventAsync(batch, 1);
        batch.Context.Enqueue(Insert, Key("a"), 1L);
        if (connectionUsed)
        {
            await batch.Context.GetConnectionAsync();
        }

        await BeginEventAsync(batch, 2);
        batch.Context.Enqueue(Insert, Key("a"), 1L);
        batch.Context.Enqueue(Insert, Key("b"), 1L);

        ProjectionCommandException? error = await Assert.ThrowsAsync<ProjectionCommandException>(() => batch.CommitAsync(5));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error!.Message, Does.Contain("position 2").And.Contains("Thing-2-Happened").And.Contains("23505"));
            Assert.That((error.InnerException as PostgresException)?.SqlState, Is.EqualTo(PostgresErrorCodes.UniqueViolation));
        }

        await batch.DisposeAsync();
        Assert.That(await KeysAsync(), Is.Empty);
        Assert.That(await PositionAsync(), Is.Zero);
    }

    [Test]
    public async Task GetConnectionAsync_EnqueuedStatementFails_NamesItsEvent()
    {
        await using IFencedBatch batch = await BeginAsync();
        await BeginEventAsync(batch, 1);
        batch.Context.Enqueue("SELECT 1 / $1", 0);

        Assert.That(async () => await batch.Context.GetConnectionAsync(), Throws.InstanceOf<ProjectionCommandException>().With.Message.Contains("position 1"));
    }

    [Test]
    public async Task CommitAsync_StatementOfAWholeBatchFails_BlamesNoEventOfIt()
    {
        await using IFencedBatch batch = await BeginAsync();
        await batch.BeginEventsAsync(Event(3), Event(8), CancellationToken.None);
        batch.Context.Enqueue("SELECT 1 / $1", 0);

        Assert.That(
            async () => await batch.CommitAsync(9),
            Throws.InstanceOf<ProjectionCommandException>().With.Message.Contains("for the events from position 3 to 8").And.Message.Not.Contains("Thing-3-Happened"));
    }

    [Test]
    public async Task CommitAsync_HandlerUsedASavepoint_Commits()
    {
        await using IFencedBatch batch = await BeginAsync();
        await InsertDirectlyAsync(batch, "a");
        await batch.Context.Transaction.SaveAsync("here");
        await InsertDirectlyAsync(batch, "b");
        await batch.Context.Transaction.RollbackAsync("here");

        await batch.CommitAsync(5);

        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "a" }));
        Assert.That(await PositionAsync(), Is.EqualTo(5));
    }

    [Test]
    public async Task CommitAsync_HandlerMovedTheCheckpointItself_ThrowsAndRollsBack()
    {
        await using IFencedBatch batch = await BeginAsync();
        batch.Context.Enqueue("UPDATE projection_checkpoints SET position = 100 WHERE replica_set = $1", ReplicaSet);

        Assert.That(async () => await batch.CommitAsync(5), Throws.InvalidOperationException.With.Message.Contains("checkpoint"));

        await batch.DisposeAsync();
        Assert.That(await PositionAsync(), Is.Zero);
        await MoveAsync(Worker, Generation, Row, 6);
    }

    [Test]
    public async Task CommitAsync_TheCommitItselfFails_TakesEverythingBack()
    {
        await Database.ExecuteAsync("CREATE TABLE IF NOT EXISTS checked_late (key text UNIQUE DEFERRABLE INITIALLY DEFERRED)");
        await using IFencedBatch batch = await BeginAsync();
        batch.Context.Enqueue(Insert, Key("a"), 1L);
        batch.Context.Enqueue("INSERT INTO checked_late VALUES ($1), ($1)", Key("a"));

        Assert.That(() => batch.CommitAsync(5), Throws.TypeOf<PostgresException>().With.Property(nameof(PostgresException.SqlState)).EqualTo(PostgresErrorCodes.UniqueViolation));

        await batch.DisposeAsync();
        Assert.That(await KeysAsync(), Is.Empty);
        Assert.That(await PositionAsync(), Is.Zero);
        await MoveAsync(Worker, Generation, Row, 6);
    }

    [Test]
    public async Task CommitAsync_ConnectionLost_ThrowsAsTheDriverDoes()
    {
        await using IFencedBatch batch = await BeginAsync();
        batch.Context.Enqueue(Insert, Key("a"), 1L);
        var connection = (NpgsqlConnection)await batch.Context.GetConnectionAsync();
        await Database.ExecuteAsync($"SELECT pg_terminate_backend({connection.ProcessID})");
        Assert.That(async () => await InsertDirectlyAsync(batch, "b"), Throws.InstanceOf<NpgsqlException>());

        Assert.That(async () => await batch.CommitAsync(5), Throws.InstanceOf<NpgsqlException>());

        await batch.DisposeAsync();
        Assert.That(await KeysAsync(), Is.Empty);
        await MoveAsync(Worker, Generation, Row, 6);
    }

    [Test]
    public async Task BeginAsync_Always_SetsItsLimitsForTheTransactionAlone()
    {
        await using IFencedBatch batch = await BeginAsync();
        var connection = (NpgsqlConnection)await batch.Context.GetConnectionAsync();
        int pid = connection.ProcessID;
        await using (var command = new NpgsqlCommand(
            "SELECT concat_ws(' ', current_setting('application_name'), current_setting('synchronous_commit'), current_setting('idle_in_transaction_session_timeout'), current_setting('lock_timeout'), current_setting('transaction_isolation'))",
            connection))
        {
            Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo($"{Connections.SessionName.Of(Worker.Id, ReplicaSet)} off 30s 10s read committed"));
        }

        await batch.CommitAsync(5);

        Assert.That(await Database.ReadAsync<bool>($"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {pid} AND application_name LIKE 'orc:%')"), Is.False);
    }

    [Test]
    public async Task BeginAsync_SamePhysicalConnection_HasTheSameAge()
    {
        long before = TimeProvider.System.GetTimestamp();
        await using IFencedBatch batch = await BeginAsync();

        Assert.That(batch.ConnectionOpenedAt, Is.Positive.And.LessThan(TimeProvider.System.GetTimestamp()));
        await batch.CommitAsync(1);
        await batch.DisposeAsync();
        await using IFencedBatch again = await BeginAsync();
        Assert.That(again.ConnectionOpenedAt, Is.EqualTo(batch.ConnectionOpenedAt).Or.GreaterThan(before), "the pool gave the same connection, or had to open one");
    }

    [Test]
    public async Task Context_AfterTheBatch_RefusesToWrite()
    {
        IFencedBatch batch = await BeginAsync();
        await batch.DisposeAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => batch.Context.Enqueue(Insert, Key("a"), 1L), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(async () => await batch.Context.GetConnectionAsync(), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => batch.Context.Transaction, Throws.InstanceOf<ObjectDisposedException>());
        }
    }
}
