using System.Diagnostics;
using Npgsql;
using Orchestrator.Testing;
using Orchestrator.Testing.Servers;

namespace Orchestrator.PostgreSql.Tests.TestKit;

/// <summary>A cluster of its own a test: these restart, kill and delete it.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public sealed class LocalClusterTests
{
    private PostgreSqlPrograms _programs = null!;

    [OneTimeSetUp]
    public async Task FindPrograms()
    {
        PostgreSqlPrograms? found = await PostgreSqlPrograms.FindAsync(SearchPaths.OfThisMachine().ProgramFolders, default);
        if (found is null)
        {
            SharedPostgreSql.SkipOrFail("PostgreSQL's programs are not on this machine.");
        }

        _programs = found!;
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task RestartAsync_AfterCommit_KeepsDataAndAddressInANewProcess(bool immediate)
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync(_programs, new PostgreSqlServerOptions { Fsync = false }, default);
        await ExecuteAsync(cluster, "CREATE TABLE t AS SELECT 42 AS x");
        int before = cluster.ProcessId!.Value;

        await cluster.RestartAsync(immediate, default);

        Assert.That(await ExecuteAsync(cluster, "SELECT x FROM t"), Is.EqualTo(42));
        Assert.That(cluster.ProcessId, Is.Not.EqualTo(before));
    }

    [Test]
    public async Task StartAsync_WithSettings_AppliesThem()
    {
        var options = new PostgreSqlServerOptions { MaxConnections = 77, Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["application_name"] = "it's" } };
        await using LocalCluster cluster = await LocalCluster.StartAsync(_programs, options, default);

        Assert.That(await ExecuteAsync(cluster, "SELECT current_setting('max_connections')"), Is.EqualTo("77"));
        Assert.That(await ExecuteAsync(cluster, "SELECT current_setting('application_name')"), Is.EqualTo("it's"));
        Assert.That(await ExecuteAsync(cluster, "SELECT current_setting('fsync')"), Is.EqualTo("on"));
    }

    [Test]
    public async Task StartAsync_WithUnknownSetting_ShowsTheServersLog()
    {
        var options = new PostgreSqlServerOptions { Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["no_such_setting"] = "1" } };

        var e = await Assert.ThrowsAsync<PostgreSqlUnavailableException>(() => LocalCluster.StartAsync(_programs, options, default));
        Assert.That(e!.Message, Does.Contain("no_such_setting"));
    }

    [Test]
    public async Task DisposeAsync_WhileRunning_StopsAndDeletes()
    {
        LocalCluster cluster = await LocalCluster.StartAsync(_programs, new PostgreSqlServerOptions { Fsync = false }, default);
        int server = cluster.ProcessId!.Value;
        await using (var open = new NpgsqlConnection(cluster.ConnectionString))
        {
            await open.OpenAsync();
            await cluster.DisposeAsync();
        }

        Assert.That(Directory.Exists(cluster.FolderPath), Is.False);
        // pg_ctl waits for the server's pid file to go; the process ends a moment later.
        Assert.That(() => IsAlive(server), Is.False.After(10_000, 20));
    }

    private static bool IsAlive(int processId) => Process.GetProcesses().Any(process => process.Id == processId);

    private static async Task<object?> ExecuteAsync(LocalCluster cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
