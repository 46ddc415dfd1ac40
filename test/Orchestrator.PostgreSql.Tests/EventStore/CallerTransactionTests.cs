using System.Data;
using System.Data.Common;
using Npgsql;
using Orchestrator.Events;

namespace Orchestrator.PostgreSql.Tests.EventStore;

/// <summary>Appends in a transaction of the caller's: they commit and roll back with it, and what goes wrong leaves it usable.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public sealed class CallerTransactionTests
{
    private readonly string _id = Guid.NewGuid().ToString("N");
    private StoreUnderTest _underTest = null!;
    private NpgsqlConnection _connection = null!;
    private NpgsqlTransaction _transaction = null!;

    private IEventStore Store => _underTest.Store;

    private string Id => $"{_id}-{TestContext.CurrentContext.Test.ID}";

    [OneTimeSetUp]
    public async Task CreateStore()
    {
        _underTest = await StoreUnderTest.CreateAsync();
        await using var connection = new NpgsqlConnection(_underTest.Options.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("CREATE TABLE notes (note text)", connection);
        await command.ExecuteNonQueryAsync();
    }

    [OneTimeTearDown]
    public async Task DropStore() => await _underTest.DisposeAsync();

    [SetUp]
    public async Task Begin()
    {
        _connection = new NpgsqlConnection(_underTest.Options.ConnectionString);
        await _connection.OpenAsync();
        _transaction = await _connection.BeginTransactionAsync();
    }

    [TearDown]
    public async Task End()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    [Test]
    public async Task AppendAsync_ThenCommit_WritesBoth()
    {
        await NoteAsync();
        AppendResult result = await Store.AppendAsync("Order", Id, ExpectedVersion.NoStream, Events(2), _transaction);
        Assert.That((await Store.ReadAggregateStreamAsync("Order", Id)).Version, Is.Zero, "not visible to others yet");
        Assert.That((await Store.ReadAggregateStreamAsync("Order", Id, transaction: _transaction)).Version, Is.EqualTo(2), "but to the transaction");
        Assert.That(await Store.ReadAllAsync(result.Positions[0] - 1, 10, _transaction), Has.Count.EqualTo(2));

        await _transaction.CommitAsync();

        Assert.That((await Store.ReadAggregateStreamAsync("Order", Id)).Version, Is.EqualTo(2));
        Assert.That(await CountNotesAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task AppendAsync_ThenRollback_WritesNothing()
    {
        await Store.AppendAsync("Order", Id, ExpectedVersion.NoStream, Events(2), _transaction);
        await Store.AppendBulkAsync([new AggregateAppend("Order", Id, ExpectedVersion.Exact(2), Events(1))], _transaction);

        await _transaction.RollbackAsync();

        Assert.That((await Store.ReadAggregateStreamAsync("Order", Id)).Version, Is.Zero);
        Assert.That((await Store.AppendAsync("Order", Id, ExpectedVersion.NoStream, Events(1))).FirstVersion, Is.EqualTo(1), "the head was rolled back too");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task AppendAsync_WithAConflict_LeavesTheTransactionUsable(bool bulk)
    {
        await NoteAsync();

        await Assert.ThrowsAsync<ConcurrencyException>(() => AppendAsync(bulk, ExpectedVersion.Exact(7), Events(1)));

        await AssertUsableAsync();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task AppendAsync_WithAKnownEventId_LeavesTheTransactionUsable(bool bulk)
    {
        EventData[] known = Events(1);
        await Store.AppendAsync("Order", Id + "other", ExpectedVersion.Any, known);
        await NoteAsync();

        DuplicateEventException e = (await Assert.ThrowsAsync<DuplicateEventException>(() => AppendAsync(bulk, ExpectedVersion.Any, known)))!;

        Assert.That(e.EventId, Is.EqualTo(known[0].EventId));
        await AssertUsableAsync();
    }

    [Test]
    public async Task AppendAsync_CancelledWhileItWaits_LeavesTheTransactionUsable()
    {
        await using var other = new NpgsqlConnection(_underTest.Options.ConnectionString);
        await other.OpenAsync();
        await using NpgsqlTransaction holder = await other.BeginTransactionAsync();
        await Store.AppendAsync("Order", Id + "held", ExpectedVersion.Any, Events(1), holder);
        await NoteAsync();
        using var cancellation = new CancellationTokenSource();

        Task<AppendResult> append = Store.AppendAsync("Order", Id + "held", ExpectedVersion.Any, Events(1), _transaction, cancellation.Token);
        await WaitUntilBlockedAsync(other, _connection.ProcessID);
        await cancellation.CancelAsync();

        Assert.That(async () => await append, Throws.InstanceOf<OperationCanceledException>());
        await AssertUsableAsync();
    }

    [Test]
    public async Task AppendAsync_InATransactionThatHasFailed_SaysWhatPostgreSqlSays()
    {
        await using var failing = new NpgsqlCommand("SELECT 1/0", _connection);
        await Assert.ThrowsAsync<PostgresException>(() => failing.ExecuteNonQueryAsync());

        PostgresException e = (await Assert.ThrowsAsync<PostgresException>(() => AppendAsync(bulk: false, ExpectedVersion.Any, Events(1))))!;

        Assert.That(e.SqlState, Is.EqualTo(PostgresErrorCodes.InFailedSqlTransaction));
    }

    [Test]
    public async Task AppendAsync_InATransactionThatHasEnded_Refuses()
    {
        await _transaction.CommitAsync();
        Assert.That(() => AppendAsync(bulk: false, ExpectedVersion.Any, Events(1)), Throws.ArgumentException.With.Message.Contains("has ended"));

        await _transaction.DisposeAsync();
        Assert.That(() => AppendAsync(bulk: true, ExpectedVersion.Any, Events(1)), Throws.ArgumentException.With.Message.Contains("has ended"));
    }

    [Test]
    public async Task AppendAsync_OnAClosedConnection_Refuses()
    {
        await _connection.CloseAsync();

        Assert.That(() => AppendAsync(bulk: false, ExpectedVersion.Any, Events(1)), Throws.ArgumentException.With.Message.Contains("closed"));
    }

    [Test]
    public async Task AppendAsync_InATransactionOfAnotherDatabase_Refuses()
    {
        await using var other = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_underTest.Options.ConnectionString) { Database = "template1", Pooling = false }.ConnectionString);
        await other.OpenAsync();
        await using NpgsqlTransaction transaction = await other.BeginTransactionAsync();

        Assert.That(
            () => Store.AppendAsync("Order", Id, ExpectedVersion.Any, Events(1), transaction),
            Throws.ArgumentException.With.Message.Contains("'template1'").And.Message.Contains($"'{_connection.Database}'"));
    }

    [Test]
    public void AppendAsync_InATransactionOfAnotherKind_Refuses() =>
        Assert.That(
            () => Store.AppendAsync("Order", Id, ExpectedVersion.Any, Events(1), new ForeignTransaction()),
            Throws.ArgumentException.With.Message.Contains("needs an NpgsqlTransaction").And.Message.Contains(nameof(ForeignTransaction)));

    private Task AppendAsync(bool bulk, ExpectedVersion expected, EventData[] events) => bulk
        ? Store.AppendBulkAsync([new AggregateAppend("Order", Id + "first", ExpectedVersion.Any, Events(1)), new AggregateAppend("Order", Id, expected, events)], _transaction)
        : Store.AppendAsync("Order", Id, expected, events, _transaction);

    // What came before the failure is kept, and what comes after it works.
    private async Task AssertUsableAsync()
    {
        await NoteAsync();
        await Store.AppendAsync("Order", Id, ExpectedVersion.NoStream, Events(1), _transaction);
        await _transaction.CommitAsync();
        Assert.That(await CountNotesAsync(), Is.EqualTo(2));
        Assert.That((await Store.ReadAggregateStreamAsync("Order", Id)).Version, Is.EqualTo(1));
        Assert.That((await Store.ReadAggregateStreamAsync("Order", Id + "first")).Version, Is.Zero);
    }

    private async Task NoteAsync()
    {
        await using var command = new NpgsqlCommand("INSERT INTO notes VALUES ($1)", _connection) { Parameters = { new() { Value = Id } } };
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> CountNotesAsync()
    {
        await using var connection = new NpgsqlConnection(_underTest.Options.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM notes WHERE note = $1", connection) { Parameters = { new() { Value = Id } } };
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task WaitUntilBlockedAsync(NpgsqlConnection connection, int processId)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var command = new NpgsqlCommand("SELECT cardinality(pg_blocking_pids($1)) > 0", connection) { Parameters = { new() { Value = processId } } };
        while (!(bool)(await command.ExecuteScalarAsync(deadline.Token))!)
        {
        }
    }

    private static EventData[] Events(int count) => [.. Enumerable.Range(0, count).Select(_ => new EventData("Happened", default))];

    private sealed class ForeignTransaction : DbTransaction
    {
        public override IsolationLevel IsolationLevel => IsolationLevel.ReadCommitted;

        protected override DbConnection? DbConnection => null;

        public override void Commit()
        {
        }

        public override void Rollback()
        {
        }
    }
}
