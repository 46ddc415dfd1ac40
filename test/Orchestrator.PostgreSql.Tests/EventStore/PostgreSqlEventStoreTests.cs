using Npgsql;
using Orchestrator.Events;

namespace Orchestrator.PostgreSql.Tests.EventStore;

/// <summary>What only a real server can show.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public sealed class PostgreSqlEventStoreTests
{
    private StoreUnderTest _underTest = null!;
    private NpgsqlDataSource _dataSource = null!;

    private IEventStore Store => _underTest.Store;

    [SetUp]
    public async Task CreateStore()
    {
        _underTest = await StoreUnderTest.CreateAsync();
        _dataSource = NpgsqlDataSource.Create(_underTest.Options.ConnectionString!);
    }

    [TearDown]
    public async Task DropStore()
    {
        await _dataSource.DisposeAsync();
        await _underTest.DisposeAsync();
    }

    [Test]
    public async Task AppendAsync_WhereAHandMadePositionIsInTheWay_SaysSoAndSucceedsWhenRepeated()
    {
        await using NpgsqlCommand insert = _dataSource.CreateCommand(
            "INSERT INTO events (global_position, aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) OVERRIDING SYSTEM VALUE VALUES (1, 'Order', 'x', 1, gen_random_uuid(), 'E', '')");
        await insert.ExecuteNonQueryAsync();

        await Assert.ThatAsync(
            () => Store.AppendAsync("Order", "1", ExpectedVersion.NoStream, Events(1)),
            Throws.TypeOf<EventStoreException>().With.Message.Contains("next position is taken").And.Message.Contains("repeat the append"));

        Assert.That((await Store.AppendAsync("Order", "1", ExpectedVersion.NoStream, Events(1))).Positions, Is.EqualTo(new[] { 2L }));
    }

    [Test]
    public async Task AppendAsync_ThatWaitsForTheAggregate_DrawsItsPositionAfterwards()
    {
        await Store.AppendAsync("Order", "contended", ExpectedVersion.NoStream, Events(1));
        await using NpgsqlConnection connection = await _dataSource.OpenConnectionAsync();
        await using NpgsqlTransaction holder = await connection.BeginTransactionAsync();
        await Store.AppendAsync("Order", "contended", ExpectedVersion.Any, Events(1), holder);

        Task<AppendResult> single = Store.AppendAsync("Order", "contended", ExpectedVersion.Any, Events(1));
        Task<IReadOnlyList<AppendResult>> bulk = Store.AppendBulkAsync(
            [new AggregateAppend("Order", "other", ExpectedVersion.Any, Events(1)), new AggregateAppend("Order", "contended", ExpectedVersion.Any, Events(1))]);
        // One of them may wait for the other, which waits for the holder.
        await WaitUntilAsync(
            $"""
            SELECT count(*) = 2 FROM pg_stat_activity
            WHERE pg_blocking_pids(pid) && (SELECT array_agg(pid) FROM pg_stat_activity WHERE pid = {connection.ProcessID} OR {connection.ProcessID} = ANY (pg_blocking_pids(pid)))
            """);
        AppendResult later = await Store.AppendAsync("Order", "free", ExpectedVersion.Any, Events(1));
        await holder.CommitAsync();

        Assert.That((await single).Positions[0], Is.GreaterThan(later.LastPosition));
        Assert.That((await bulk)[0].Positions[0], Is.GreaterThan(later.LastPosition), "not even its first event may have a position yet");
        Assert.That((await Store.ReadAggregateStreamAsync("Order", "contended")).Events.Select(e => e.GlobalPosition), Is.Ordered.Ascending);
    }

    [Test]
    public async Task AppendAsync_InItsOwnTransaction_NotifiesOnlyOfWhatIsThere()
    {
        await Store.AppendAsync("Order", "1", ExpectedVersion.NoStream, Events(1));
        await Store.AppendBulkAsync([new AggregateAppend("Order", "1", ExpectedVersion.Exact(1), Events(1))]);
        Assert.That(_underTest.Notifications, Is.EqualTo(2));

        await Assert.ThrowsAsync<ConcurrencyException>(() => Store.AppendAsync("Order", "1", ExpectedVersion.NoStream, Events(1)));
        await using NpgsqlConnection connection = await _dataSource.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await Store.AppendAsync("Order", "1", ExpectedVersion.Any, Events(1), transaction);
        Assert.That(_underTest.Notifications, Is.EqualTo(2));
    }

    [Test]
    public async Task AppendAsync_WhereOnlyTheEventsKnowTheVersion_ThrowsByTheConstraint()
    {
        await ExecuteAsync("INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) VALUES ('Order', '1', 1, gen_random_uuid(), 'Raw', '')");

        foreach (ExpectedVersion expected in new[] { ExpectedVersion.NoStream, ExpectedVersion.Any })
        {
            ConcurrencyException single = (await Assert.ThrowsAsync<ConcurrencyException>(() => Store.AppendAsync("Order", "1", expected, Events(1))))!;
            ConcurrencyException bulk = (await Assert.ThrowsAsync<ConcurrencyException>(() => Store.AppendBulkAsync([new AggregateAppend("Order", "1", expected, Events(1))])))!;
            Assert.That((single.ActualVersion, bulk.ActualVersion), Is.EqualTo((1L, 1L)));
            Assert.That((single.InnerException as PostgresException)?.SqlState, Is.EqualTo(PostgresErrorCodes.UniqueViolation));
        }
    }

    [Test]
    public async Task AppendAsync_PastTheGreatestVersion_SaysSo()
    {
        await Store.AppendAsync("Order", "1", ExpectedVersion.NoStream, Events(1));
        await ExecuteAsync($"UPDATE aggregate_heads SET aggregate_version = {long.MaxValue}");

        EventStoreException e = (await Assert.ThrowsAsync<EventStoreException>(() => Store.AppendAsync("Order", "1", ExpectedVersion.Any, Events(1))))!;

        Assert.That(e.Message, Does.Contain("greatest version").And.Contain("Nothing was written"));
    }

    [Test]
    public async Task AppendAsync_OfMetadataThatJsonbCannotHold_SaysSo()
    {
        EventStoreException e = (await Assert.ThrowsAsync<EventStoreException>(
            () => Store.AppendAsync("Order", "1", ExpectedVersion.Any, [new EventData("Happened", default) { Metadata = "1e999999" }])))!;

        Assert.That(e.Message, Does.Contain("metadata").And.Contain("Nothing was written"));
    }

    [Test]
    public async Task AppendAsync_OfALargePayload_KeepsEveryByte()
    {
        byte[] payload = new byte[10 * 1024 * 1024];
        new Random(1).NextBytes(payload);

        await Store.AppendAsync("File", "1", ExpectedVersion.NoStream, [new EventData("Uploaded", payload)]);

        Assert.That((await Store.ReadAggregateStreamAsync("File", "1")).Events[0].Payload.Span.SequenceEqual(payload), Is.True);
    }

    [Test]
    public async Task AppendAsync_WhoseCommitFails_ThrowsAndWritesNothing()
    {
        await ExecuteAsync("ALTER TABLE events ADD CONSTRAINT at_commit EXCLUDE USING btree (event_type WITH =) DEFERRABLE INITIALLY DEFERRED");
        await Store.AppendAsync("Order", "1", ExpectedVersion.Any, Events(1));

        PostgresException e = (await Assert.ThrowsAsync<PostgresException>(() => Store.AppendAsync("Order", "1", ExpectedVersion.Any, Events(1))))!;

        Assert.That(e.ConstraintName, Is.EqualTo("at_commit"));
        Assert.That((await Store.ReadAggregateStreamAsync("Order", "1")).Version, Is.EqualTo(1));
        Assert.That(_underTest.Notifications, Is.EqualTo(1));
    }

    [Test]
    public async Task AppendAsync_WhoseSessionEndsBeforeTheAnswer_SaysThatTheOutcomeIsUnknown()
    {
        await using NpgsqlConnection connection = await _dataSource.OpenConnectionAsync();
        await using NpgsqlTransaction holder = await connection.BeginTransactionAsync();
        await Store.AppendAsync("Order", "1", ExpectedVersion.Any, Events(1), holder);
        EventData[] events = Events(1);

        Task<AppendResult> append = Store.AppendAsync("Order", "1", ExpectedVersion.Any, events);
        await WaitUntilAsync($"SELECT count(pg_terminate_backend(pid)) = 1 FROM pg_stat_activity WHERE {connection.ProcessID} = ANY (pg_blocking_pids(pid))");

        AppendOutcomeUnknownException e = (await Assert.ThrowsAsync<AppendOutcomeUnknownException>(() => append))!;
        Assert.That(e.Message, Does.Contain("with the same ids, again"));
        await holder.RollbackAsync();
        Assert.That((await Store.AppendAsync("Order", "1", ExpectedVersion.Any, events)).FirstVersion, Is.EqualTo(1));
    }

    [Test]
    public async Task AppendAsync_CancelledWhileItWaits_WritesNothing()
    {
        await using NpgsqlConnection connection = await _dataSource.OpenConnectionAsync();
        await using NpgsqlTransaction holder = await connection.BeginTransactionAsync();
        await Store.AppendAsync("Order", "1", ExpectedVersion.Any, Events(1), holder);
        using var cancellation = new CancellationTokenSource();

        Task<AppendResult> append = Store.AppendAsync("Order", "1", ExpectedVersion.Any, Events(1), cancellationToken: cancellation.Token);
        await WaitUntilAsync($"SELECT count(*) = 1 FROM pg_stat_activity WHERE {connection.ProcessID} = ANY (pg_blocking_pids(pid))");
        await cancellation.CancelAsync();

        Assert.That(async () => await append, Throws.InstanceOf<OperationCanceledException>());
        await holder.RollbackAsync();
        Assert.That((await Store.ReadAggregateStreamAsync("Order", "1")).Version, Is.Zero);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = _dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task WaitUntilAsync(string condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using NpgsqlCommand command = _dataSource.CreateCommand(condition);
        while (!(bool)(await command.ExecuteScalarAsync(deadline.Token))!)
        {
        }
    }

    private static EventData[] Events(int count) => [.. Enumerable.Range(0, count).Select(_ => new EventData("Happened", new byte[] { 1, 2, 3 }))];
}
