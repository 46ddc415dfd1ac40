using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.PostgreSql.Checkpoints;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Whole hosts whose batches and appends go through a real PgBouncer, and what is found out about a proxy at start.</summary>
public sealed class ProxyTests : HostFixture
{
    private const int ProjectionStopped = 2004;
    private const string IgnoresSettings = "ignore_startup_parameters = options,extra_float_digits,search_path";

    protected override bool NeedsOwnDatabase => true;

    // Few sessions for many lanes, so that they are shared all the time; and each is ended now and then, as by a restart of the server.
    [Test]
    public async Task Hosts_BatchesAndAppendsThroughTheProxy_ApplyEachEventOnce()
    {
        await using PgBouncer proxy = await PgBouncer.StartAsync(ConnectionString, PgBouncer.Transactions, "default_pool_size = 3");
        using HostUnderTest first = CreateHost(proxy);
        using HostUnderTest second = CreateHost(proxy);
        await first.StartAsync();
        Task appending = AppendAsync(first, "a");
        await Eventually.HoldsAsync(async () => await CountAsync("seen") > 0);
        await second.StartAsync();
        await EndSharedSessionsAsync();
        await appending;
        await EndSharedSessionsAsync();
        await AppendAsync(first, "b");
        await first.StopAsync();
        await AppendAsync(second, "c");

        await Eventually.HoldsAsync(async () => await CountAsync("seen") == await CountAsync("events"));
        await second.StopAsync();

        Assert.That(await CountAsync("seen"), Is.GreaterThan(250), "each at most once: the table's key forbids more");
        Assert.That(first.Log.With(ProjectionStopped).Concat(second.Log.With(ProjectionStopped)), Is.Empty);
    }

    [Test]
    public async Task Check_ProxyThatOthersKeepBusy_IsFoundEveryTime()
    {
        await using PgBouncer proxy = await PgBouncer.StartAsync(ConnectionString, PgBouncer.Transactions, "default_pool_size = 6");
        using var enough = new CancellationTokenSource();
        Task[] others = [.. Enumerable.Range(0, 4).Select(_ => KeepBusyAsync(proxy, enough.Token))];
        int found = 0;
        for (int i = 0; i < 80; i++)
        {
            await using var connections = new PostgreSqlConnections(new PostgreSqlOptions { ConnectionString = proxy.ConnectionString }, TimeProvider.System);
            await using NpgsqlConnection work = await connections.OpenFirstAsync(CancellationToken.None);
            await new ProxyCheck(connections, new SqlCatalog(new PostgreSqlOptions()), NullLogger.Instance).CheckAsync(work, CancellationToken.None);
            found += connections.Proxies.SessionsAreShared ? 1 : 0;
        }

        await enough.CancelAsync();
        await Task.WhenAll(others);
        Assert.That(found, Is.EqualTo(80));
    }

    [Test]
    public async Task Start_ProxyThatPoolsStatements_IsRefusedWithTheWayOut()
    {
        await using PgBouncer proxy = await PgBouncer.StartAsync(ConnectionString, "pool_mode = statement");
        using var host = new HostUnderTest(proxy.ConnectionString);
        await host.StartAsync();

        string error = await host.ErrorAsync("pools statements");

        Assert.That(error, Does.Contain("Orchestrator:PostgreSql:ConnectionString").And.Contain("Set its pool_mode"));
        Assert.That(await CountAsync("orchestrator_workers"), Is.Zero);
        Assert.That(host.Lives);
    }

    [Test]
    public async Task Start_SearchPathThroughAProxyThatRefusesIt_SaysWhatToSet()
    {
        await using PgBouncer proxy = await PgBouncer.StartAsync(ConnectionString, PgBouncer.Transactions);
        using var host = new HostUnderTest(proxy.ConnectionString + ";Search Path=public");
        await host.StartAsync();

        Assert.That(await host.ErrorAsync("Cannot connect"), Does.Contain("A proxy such as PgBouncer").And.Contain("Orchestrator:PostgreSql:Schema"));
    }

    [TestCase(IgnoresSettings)]
    [TestCase("")]
    public async Task Start_KeptSessionsThroughAProxyThatPoolsSessions_RunsInFullMode(string settings)
    {
        await using PgBouncer proxy = await PgBouncer.StartAsync(ConnectionString, "pool_mode = session", settings);
        using var host = new HostUnderTest(proxy.ConnectionString);
        await host.StartAsync();
        await host.AppendAsync("a", 5);

        await Eventually.HoldsAsync(async () => await CountAsync("seen") == 5);
        Assert.That(await CountAsync("orchestrator_workers JOIN pg_locks ON pid = session_pid AND locktype = 'advisory'"), Is.GreaterThan(0), "it lives by a lock");
        await host.StopAsync();

        Assert.That(host.Errors, Is.Empty);
        Assert.That(host.Log.With(ReducedModeTests.Said), Is.Empty);
    }

    [Test]
    public async Task Begin_ServersSessionReplacedBehindTheProxy_IsYoungerThanPagesFromBefore()
    {
        await using PgBouncer proxy = await PgBouncer.StartAsync(ConnectionString, PgBouncer.Transactions, "default_pool_size = 1");
        var options = new PostgreSqlOptions { ConnectionString = proxy.ConnectionString + ";Application Name=through;Maximum Pool Size=1", CoordinationConnectionString = ConnectionString };
        await using var connections = new PostgreSqlConnections(options, TimeProvider.System);
        var store = new PostgreSqlCheckpointStore(connections, new SqlCatalog(options));
        var fence = new Fence("main", Guid.NewGuid());
        await ExecuteAsync($"INSERT INTO projection_checkpoints (replica_set, projection_name, slot_from, slot_to, generation_id, worker_id) VALUES ('main', 'seen', 0, 32768, 1, '{fence.WorkerId}')");
        Checkpoint row = (await store.LoadAsync(fence, CancellationToken.None)).Single();

        long opened = await OpenedAtAsync(store, fence, row);
        long page = TimeProvider.System.GetTimestamp();
        long again = await OpenedAtAsync(store, fence, row);
        await EndSharedSessionsAsync();
        long replaced = 0;
        await Eventually.HoldsAsync(async () => (replaced = await TryOpenedAtAsync(store, fence, row)) != 0);

        Assert.That(again, Is.EqualTo(opened).And.LessThan(page));
        Assert.That(replaced, Is.GreaterThan(page), "our connection to the proxy has been open all the time, and says nothing");
    }

    [Test]
    public async Task Start_KeptSessionsOnAnotherDatabase_IsRefused()
    {
        using var host = new HostUnderTest(ConnectionString, options => options.CoordinationConnectionString = ConnectionStringWith(builder => builder.Database = "postgres"));
        await host.StartAsync();

        Assert.That(await host.ErrorAsync("different databases"), Does.Contain("Orchestrator:PostgreSql:CoordinationConnectionString"));
    }

    private static async Task<long> OpenedAtAsync(PostgreSqlCheckpointStore store, Fence fence, Checkpoint row)
    {
        await using IFencedBatch? batch = await store.BeginAsync(fence, row, new ServiceCollection().BuildServiceProvider(), CancellationToken.None);
        return batch!.ConnectionOpenedAt;
    }

    // The proxy may hand out the session that was ended once more, before it knows.
    private static async Task<long> TryOpenedAtAsync(PostgreSqlCheckpointStore store, Fence fence, Checkpoint row)
    {
        try
        {
            return await OpenedAtAsync(store, fence, row);
        }
        catch (NpgsqlException)
        {
            return 0;
        }
    }

    private static async Task KeepBusyAsync(PgBouncer proxy, CancellationToken enough)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(proxy.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(CancellationToken.None);
        while (!enough.IsCancellationRequested)
        {
            await using NpgsqlCommand command = new("SELECT pg_sleep(0.003)", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }

    private HostUnderTest CreateHost(PgBouncer proxy) => new(proxy.ConnectionString + ";Application Name=through", options => options.CoordinationConnectionString = ConnectionString);

    // An append whose session is ended may have taken effect or not: the log alone says how many there are.
    private static async Task AppendAsync(HostUnderTest host, string prefix)
    {
        for (int i = 0; i < 100; i++)
        {
            try
            {
                await host.AppendAsync($"{prefix}-{i}", 1);
            }
            catch (Exception e) when (e is NpgsqlException or AppendOutcomeUnknownException)
            {
                continue;
            }
        }
    }

    // The proxy's, idle or in a batch; heartbeats go by the same name, and may be hit too.
    private Task EndSharedSessionsAsync() => Eventually.HoldsAsync(
        async () => await CountAsync(
            """
            (SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
            WHERE datname = current_database() AND (application_name = 'through' OR application_name LIKE 'orc:%' AND pid NOT IN (SELECT session_pid FROM orchestrator_workers))) AS sessions
            WHERE ended
            """) > 0,
        "there is a session to end");
}
