using Npgsql;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>Each way in which a reader could miss an event, caused on a real server.</summary>
public sealed class HorizonHoleTests : EventLogFixture
{
    private NpgsqlConnection _slow = null!;
    private NpgsqlConnection _fast = null!;

    [SetUp]
    public async Task OpenWriters()
    {
        _slow = await OpenAsync();
        _fast = await OpenAsync();
    }

    [Test]
    public async Task ReadAsync_EarlierPositionCommitsLate_IsNotPassed()
    {
        await using NpgsqlTransaction open = await _slow.BeginTransactionAsync();
        long late = await InsertAsync(_slow, "slow");
        long early = await InsertAsync(_fast, "fast");
        Assert.That(early, Is.GreaterThan(late), "the test must cause what it tests");

        Assert.That(await PositionsAsync(), Is.Empty, "the later position is visible, and must wait");
        await open.CommitAsync();

        Assert.That(await PositionsAsync(), Is.EqualTo(new[] { late, early }));
    }

    [Test]
    public async Task ReadAsync_EarlierPositionRollsBack_ReadsOn()
    {
        await using NpgsqlTransaction open = await _slow.BeginTransactionAsync();
        await InsertAsync(_slow, "slow");
        long early = await InsertAsync(_fast, "fast");
        Assert.That(await PositionsAsync(), Is.Empty);

        await open.RollbackAsync();

        Assert.That(await PositionsAsync(), Is.EqualTo(new[] { early }));
    }

    [Test]
    public async Task ReadAsync_GapBehindARunWithoutOne_ReadsTheRun()
    {
        long first = await InsertAsync(_fast, "fast");
        await using NpgsqlTransaction open = await _slow.BeginTransactionAsync();
        await InsertAsync(_slow, "slow");
        await InsertAsync(_fast, "fast");

        Assert.That(await PositionsAsync(), Is.EqualTo(new[] { first }));
        await open.RollbackAsync();
    }

    [Test]
    public async Task ReadAsync_AppendInASavepointThatIsReleased_IsNotPassed()
    {
        await using NpgsqlTransaction open = await _slow.BeginTransactionAsync();
        await open.SaveAsync("s");
        long late = await InsertAsync(_slow, "slow");
        await open.ReleaseAsync("s");
        long early = await InsertAsync(_fast, "fast");

        Assert.That(await PositionsAsync(), Is.Empty);
        await open.CommitAsync();

        Assert.That(await PositionsAsync(), Is.EqualTo(new[] { late, early }));
    }

    [Test]
    public async Task ReadAsync_SavepointRolledBackThenAppendedAgain_IsNotPassed()
    {
        await using NpgsqlTransaction open = await _slow.BeginTransactionAsync();
        await open.SaveAsync("s");
        await InsertAsync(_slow, "slow");
        await open.RollbackAsync("s");
        long between = await InsertAsync(_fast, "fast");
        Assert.That(await PositionsAsync(), Is.EqualTo(new[] { between }), "what the savepoint drew is void: it holds nothing back");

        long late = await InsertAsync(_slow, "slow");
        long last = await InsertAsync(_fast, "fast");
        Assert.That(await PositionsAsync(between), Is.Empty);
        await open.CommitAsync();

        Assert.That(await PositionsAsync(between), Is.EqualTo(new[] { late, last }));
    }

    [Test]
    public async Task ReadAsync_CopyThatIsStillOpen_IsNotPassed()
    {
        long early;
        await using (NpgsqlBinaryImporter copy = await _slow.BeginBinaryImportAsync(
            "COPY events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) FROM STDIN (FORMAT binary)"))
        {
            for (int i = 1; i <= 5_000; i++)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync("Thing");
                await copy.WriteAsync("copied");
                await copy.WriteAsync((long)i);
                await copy.WriteAsync(Guid.NewGuid());
                await copy.WriteAsync("Copied");
                await copy.WriteAsync(new byte[200]);
            }

            // The server has received the first buffers, so it has begun to draw.
            await WaitForAsync(async () => await ScalarAsync<long>(_fast, "SELECT last_value FROM events_global_position_seq") > 1);
            early = await InsertAsync(_fast, "fast");
            Assert.That(await PositionsAsync(), Is.Empty);
            await copy.CompleteAsync();
        }

        Assert.That(await PositionsUpToEndAsync(), Has.Length.EqualTo(5_001).And.Contains(early).And.Ordered);
    }

    [TestCase("INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) SELECT 'T', 'x', i, gen_random_uuid(), 'E', '' FROM generate_series(1, 3) i")]
    [TestCase("WITH new AS (INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) VALUES ('T', 'x', 1, gen_random_uuid(), 'E', '') RETURNING 1) SELECT count(*) FROM new")]
    [TestCase("INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) VALUES ('T', 'x', 1, gen_random_uuid(), 'E', '') ON CONFLICT DO NOTHING")]
    [TestCase("MERGE INTO events e USING (SELECT 1) s ON false WHEN NOT MATCHED THEN INSERT (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) VALUES ('T', 'x', 1, gen_random_uuid(), 'E', '')")]
    [TestCase("SET LOCAL session_replication_role = replica; INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) VALUES ('T', 'x', 1, gen_random_uuid(), 'E', '')")]
    [TestCase("DO $$ BEGIN INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) VALUES ('T', 'x', 1, gen_random_uuid(), 'E', ''); EXCEPTION WHEN division_by_zero THEN NULL; END $$")]
    public async Task ReadAsync_AnyKindOfInsert_IsNotPassed(string insert)
    {
        await using NpgsqlTransaction open = await _slow.BeginTransactionAsync();
        await ExecuteAsync(_slow, insert);
        long early = await InsertAsync(_fast, "fast");

        Assert.That(await PositionsAsync(), Is.Empty);
        await open.CommitAsync();

        Assert.That(await PositionsAsync(), Has.Length.GreaterThan(1).And.Contains(early).And.Ordered);
    }

    [Test]
    public async Task ReadAsync_SameKeyLockedInAnotherDatabaseOrAsOneNumber_HoldsNothingBack()
    {
        string other = await Server.CreateDatabaseAsync();
        try
        {
            int oid = (int)await ScalarAsync<uint>(_fast, "SELECT 'events'::regclass::oid");
            await using var elsewhere = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(other) { Pooling = false }.ConnectionString);
            await elsewhere.OpenAsync();
            await ExecuteAsync(elsewhere, $"SELECT pg_advisory_lock_shared(1330791256, {oid})");
            await ExecuteAsync(_slow, $"SELECT pg_advisory_lock_shared((1330791256::bigint << 32) | {oid})");
            await using NpgsqlTransaction gap = await _fast.BeginTransactionAsync();
            await InsertAsync(_fast);
            await gap.RollbackAsync();
            long position = await InsertAsync(_fast);

            Assert.That(await PositionsAsync(), Is.EqualTo(new[] { position }));
        }
        finally
        {
            await Server.DropDatabaseAsync(other);
        }
    }

    [Test]
    public async Task ReadAsync_OpenAppendWhenTheProcessStarts_DoesNotBlockWhatIsCheckpointed()
    {
        await InsertAsync(_fast);
        await using (NpgsqlTransaction gap = await _fast.BeginTransactionAsync())
        {
            await InsertAsync(_fast);
            await gap.RollbackAsync();
        }

        long done = await InsertAsync(_fast);
        await ExecuteAsync(_fast, $"INSERT INTO projection_checkpoints (replica_set, projection_name, slot_from, slot_to, position, generation_id) VALUES ('main', 'p', 0, 32768, {done}, 1)");
        await using NpgsqlTransaction open = await _slow.BeginTransactionAsync();
        await InsertAsync(_slow, "slow");

        Assert.That(await PositionsAsync(), Has.Length.EqualTo(2));
    }

    private async Task<long[]> PositionsUpToEndAsync()
    {
        var all = new List<long>();
        while (await PositionsAsync(all.LastOrDefault()) is { Length: > 0 } positions)
        {
            all.AddRange(positions);
        }

        return [.. all];
    }

    private static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
        }
    }
}
