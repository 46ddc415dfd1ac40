using Npgsql;
using Orchestrator.Testing.Shared;

namespace Orchestrator.ChaosTests.Proxy;

/// <summary>The proxy does what it says, or a fault would be counted that never was.</summary>
[TestFixture]
internal sealed class PostgreSqlProxyTests : PostgreSqlFixture
{
    private PostgreSqlProxy _proxy = null!;
    private NpgsqlDataSource _through = null!;

    [SetUp]
    public async Task StartProxy()
    {
        _proxy = PostgreSqlProxy.Start(ConnectionString);
        _through = NpgsqlDataSource.Create(_proxy.ConnectionString);
        await ExecuteAsync("DROP TABLE IF EXISTS written");
        await ExecuteAsync("CREATE TABLE written (id int)");
    }

    [TearDown]
    public async Task StopProxy()
    {
        await _through.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Test]
    public async Task Query_AnswerOfManyPieces_ArrivesWhole()
    {
        await using NpgsqlCommand command = _through.CreateCommand("SELECT string_agg(repeat(md5(i::text), 100), '') FROM generate_series(1, 1000) AS i");

        string through = (string)(await command.ExecuteScalarAsync())!;

        Assert.That(through, Has.Length.EqualTo(3_200_000));
        Assert.That(_proxy.Connections, Is.EqualTo(1));
    }

    [Test]
    public async Task Cut_OpenConnections_BreakAndNewOnesWork()
    {
        await using NpgsqlConnection first = await _through.OpenConnectionAsync();
        await using NpgsqlConnection second = await _through.OpenConnectionAsync();

        _proxy.Cut();

        Assert.That(async () => await ExecuteAsync(first, "SELECT 1"), Throws.InstanceOf<NpgsqlException>());
        Assert.That(async () => await ExecuteAsync(second, "SELECT 1"), Throws.InstanceOf<NpgsqlException>());
        await using NpgsqlConnection third = await _through.OpenConnectionAsync();
        await ExecuteAsync(third, "SELECT 1");
    }

    [Test]
    public async Task CutOne_TwoConnections_OneGoesOn()
    {
        await using NpgsqlConnection first = await _through.OpenConnectionAsync();
        await using NpgsqlConnection second = await _through.OpenConnectionAsync();

        bool cut = _proxy.CutOne(new Random(1));

        Assert.That(cut);
        Assert.That(new[] { await WorksAsync(first), await WorksAsync(second) }, Is.EquivalentTo(new[] { true, false }));
    }

    [Test]
    public async Task Silence_ToServer_StatementWaitsAndThenArrives()
    {
        await using NpgsqlConnection connection = await _through.OpenConnectionAsync();
        _proxy.Weather.BeginSilence(Direction.ToServer);

        Task inserting = ExecuteAsync(connection, "INSERT INTO written VALUES (1)");
        Assert.That(await CountAsync(), Is.Zero);
        Assert.That(inserting.IsCompleted, Is.False);
        _proxy.Weather.EndSilence(Direction.ToServer);
        await inserting;

        Assert.That(await CountAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Silence_ToClient_StatementIsDoneAndTheAnswerWaits()
    {
        await using NpgsqlConnection connection = await _through.OpenConnectionAsync();
        _proxy.Weather.BeginSilence(Direction.ToClient);

        Task inserting = ExecuteAsync(connection, "INSERT INTO written VALUES (1)");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await CountAsync() == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
        }

        Assert.That(inserting.IsCompleted, Is.False);
        _proxy.Weather.EndSilence(Direction.ToClient);
        await inserting;
    }

    [Test]
    public async Task Delay_OneStatement_TakesAtLeastBothWays()
    {
        await using NpgsqlConnection connection = await _through.OpenConnectionAsync();
        _proxy.Weather.Delay = TimeSpan.FromMilliseconds(100);
        long started = TimeProvider.System.GetTimestamp();

        await ExecuteAsync(connection, "SELECT 1");

        Assert.That(TimeProvider.System.GetElapsedTime(started), Is.GreaterThan(TimeSpan.FromMilliseconds(190)));
    }

    [Test]
    public async Task Trap_AtCommit_CutsThereAndOnlyOnce([Values] CommitCut where, [Values] CommitWay way)
    {
        CommitTrap trap = _proxy.Weather.SetTrap(where);

        bool succeeded = await CommitAsync(way, out NpgsqlConnection cut);
        await trap.Struck.WaitAsync(TimeSpan.FromSeconds(30));
        bool second = await CommitAsync(way, out NpgsqlConnection whole);

        Assert.That(succeeded, Is.EqualTo(where == CommitCut.AfterAnswer), "what the client knows");
        Assert.That(await CountAsync(), Is.EqualTo(where == CommitCut.BeforeRequest ? 1 : 2), "what the server has done");
        Assert.That(await WorksAsync(cut), Is.False);
        Assert.That(second && await WorksAsync(whole));
        await cut.DisposeAsync();
        await whole.DisposeAsync();
    }

    private Task<bool> CommitAsync(CommitWay way, out NpgsqlConnection connection)
    {
        connection = _through.CreateConnection();
        return CommitAsync(way, connection);
    }

    private static async Task<bool> CommitAsync(CommitWay way, NpgsqlConnection connection)
    {
        await connection.OpenAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { new NpgsqlBatchCommand("INSERT INTO written VALUES (1)") } };
        if (way != CommitWay.ByItself)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        }

        if (way == CommitWay.BehindOthersPrepared)
        {
            await batch.PrepareAsync();
        }

        try
        {
            await batch.ExecuteNonQueryAsync();
            await (way == CommitWay.ByItself ? transaction.CommitAsync() : Task.CompletedTask);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private Task<long> CountAsync() => ReadAsync<long>("SELECT count(*) FROM written");

    private static async Task<bool> WorksAsync(NpgsqlConnection connection)
    {
        try
        {
            await ExecuteAsync(connection, "SELECT 1");
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>How a client commits.</summary>
    internal enum CommitWay
    {
        /// <summary>In a round trip of its own.</summary>
        ByItself,

        /// <summary>In one with other statements.</summary>
        BehindOthers,

        /// <summary>The same, prepared beforehand.</summary>
        BehindOthersPrepared,
    }
}
