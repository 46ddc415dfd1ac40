using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Hosting.Processing;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.Testing;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>What needs a server of its own: prepared transactions, and a crash.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public sealed class EventLogServerTests
{
    // The log of writes is left alone for as long as can be, so that a crash loses the end of it.
    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["max_prepared_transactions"] = "10",
        ["wal_writer_delay"] = "10s",
        ["autovacuum"] = "off",
    };

    private PostgreSqlServer _server = null!;
    private NpgsqlConnection _slow = null!;
    private NpgsqlConnection _fast = null!;
    private PostgreSqlConnections _connections = null!;
    private PostgreSqlEventLog _log = null!;
    private EventPage _before = null!;

    [SetUp]
    public async Task StartServer()
    {
        if (!(await SharedPostgreSql.GetAsync()).CanRestart)
        {
            Assert.Ignore("The server comes from ORCHESTRATOR_POSTGRES or Docker: it can neither be crashed nor set up for prepared transactions.");
        }

        _server = await PostgreSqlServer.StartAsync(new PostgreSqlServerOptions { Settings = Settings });
        var options = new PostgreSqlOptions { ConnectionString = _server.ConnectionString };
        var sql = new SqlCatalog(options);
        _connections = new PostgreSqlConnections(options, TimeProvider.System);
        _log = NewLog(_connections);
        await ConnectAsync();
        await EventLogFixture.ExecuteAsync(_fast, sql.Render(SqlCatalog.ReadResource("Schema.Migrations.001_create_tables.up.sql")));
    }

    [TearDown]
    public async Task StopServer()
    {
        if (_server is not null)
        {
            await _log.DisposeAsync();
            await _slow.DisposeAsync();
            await _fast.DisposeAsync();
            await _connections.DisposeAsync();
            await _server.DisposeAsync();
        }
    }

    [Test]
    public async Task ReadAsync_TransactionPrepared_IsNotPassedUntilItCommits()
    {
        await EventLogFixture.ExecuteAsync(_slow, "BEGIN");
        long late = await EventLogFixture.InsertAsync(_slow, "slow");
        long early = await EventLogFixture.InsertAsync(_fast, "fast");
        Assert.That(await PositionsAsync(), Is.Empty);

        await EventLogFixture.ExecuteAsync(_slow, "PREPARE TRANSACTION 'in doubt'");
        Assert.That(await PositionsAsync(), Is.Empty, "prepared, not committed");

        // The session goes on with other transactions, and then away: what it prepared stays.
        await EventLogFixture.InsertAsync(_slow, "other");
        await _slow.CloseAsync();
        Assert.That(await PositionsAsync(), Is.Empty);
        Assert.That((await _log.Horizon.ReadHoldersAsync(CancellationToken.None)).Single(), Has.Property("PreparedTransaction").EqualTo("in doubt").And.Property("ProcessId").Null
            .And.Property("EndStatement").EqualTo("ROLLBACK PREPARED 'in doubt'").And.Property("Age").Not.Null);

        // After a restart it is listed by another identity, and the horizon starts anew.
        await _server.RestartAsync(immediate: true);
        await ConnectAsync();
        Assert.That(await PositionsAsync(), Is.Empty);

        await EventLogFixture.ExecuteAsync(_fast, "COMMIT PREPARED 'in doubt'");
        Assert.That(await PositionsAsync(), Is.EqualTo(new[] { late, early, early + 1 }));
    }

    [Test]
    public async Task ReadAsync_ServerCrashesAndTheSequenceStepsBack_NothingKeptHidesTheSuccessors()
    {
        await CrashAsync();

        await using NpgsqlConnection young = await _connections.Work.OpenConnectionAsync();
        Assert.That(_before.ReadAt, Is.LessThan(_connections.OpenedAt(young)), "a page from before the crash is of no use to any connection from after it");
    }

    // The connections to the proxy stay open, so that only the server's sessions behind it tell of the crash.
    [Test]
    public async Task ReadAsync_ServerCrashesBehindAProxyAndTheSequenceStepsBack_NothingKeptHidesTheSuccessors()
    {
        await using PgBouncer proxy = await PgBouncer.StartAsync(_server.ConnectionString, PgBouncer.Transactions);
        await using var connections = new PostgreSqlConnections(new PostgreSqlOptions { ConnectionString = proxy.ConnectionString }, TimeProvider.System);
        Assert.That(connections.Proxies.Found(areShared: true), Is.True);
        await _log.DisposeAsync();
        _log = NewLog(connections);

        await CrashAsync();
    }

    private async Task CrashAsync()
    {
        long kept = await EventLogFixture.InsertAsync(_fast, "kept");
        await EventLogFixture.ExecuteAsync(_fast, $"INSERT INTO projection_checkpoints (replica_set, projection_name, slot_from, slot_to, position, generation_id) VALUES ('main', 'p', 0, 32768, {kept}, 1)");
        await EventLogFixture.ExecuteAsync(_fast, "SET synchronous_commit = off");
        _before = await AppendUnwrittenAsync(kept);
        await _server.RestartAsync(immediate: true);
        await ConnectAsync();

        long successor = await EventLogFixture.InsertAsync(_fast, "successor");
        Assert.That(successor, Is.LessThanOrEqualTo(_before.To), "the crash must take the sequence back, or the test shows nothing");
        Assert.That(await PositionsAsync(kept), Does.Contain(successor));
    }

    private PostgreSqlEventLog NewLog(PostgreSqlConnections connections) =>
        new(connections, new SqlCatalog(new PostgreSqlOptions()), new LogHistory(), TimeProvider.System, NullLogger<PostgreSqlEventLog>.Instance);

    /// <summary>Appends so that the server has neither the event nor the drawing of its position on disk, and reads it. A page of the log that gets full is written early: then again.</summary>
    private async Task<EventPage> AppendUnwrittenAsync(long from)
    {
        for (int attempt = 1; attempt <= 50; attempt++)
        {
            string start = await EventLogFixture.ScalarAsync<string>(_fast, "SELECT pg_current_wal_insert_lsn()::text");

            // More positions than the 32 that the server logs ahead.
            await EventLogFixture.ExecuteAsync(
                _fast,
                """
                BEGIN;
                SELECT nextval('events_global_position_seq') FROM generate_series(1, 40);
                INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) VALUES ('Thing', gen_random_uuid()::text, 1, gen_random_uuid(), 'Lost', '');
                COMMIT
                """);
            EventPage page = await _log.ReadAsync(EventLogFixture.Request(from), CancellationToken.None);
            if (await EventLogFixture.ScalarAsync<bool>(_fast, $"SELECT pg_current_wal_flush_lsn() <= '{start}'"))
            {
                return page;
            }
        }

        throw new InvalidOperationException("The server wrote every append at once.");
    }

    private async Task ConnectAsync()
    {
        _slow = await OpenAsync();
        _fast = await OpenAsync();
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Reads as a feed does: after a lost connection, again.</summary>
    private async Task<long[]> PositionsAsync(long from = 0)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                EventPage page = await _log.ReadAsync(EventLogFixture.Request(from), CancellationToken.None);
                return [.. page.Events.Select(e => e.GlobalPosition)];
            }
            catch (NpgsqlException) when (attempt < 5)
            {
                // The session or a pooled connection from before the restart: the next attempt opens another.
            }
        }
    }
}
