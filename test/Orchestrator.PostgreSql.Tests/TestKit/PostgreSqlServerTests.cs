using Npgsql;
using Orchestrator.Testing;
using Orchestrator.Testing.Servers;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.TestKit;

public sealed class PostgreSqlServerTests : PostgreSqlFixture
{
    [Test]
    public async Task CreateSchemaAsync_Twice_GivesSchemasThatDoNotMeet()
    {
        string first = await Server.CreateSchemaAsync("kit");
        string second = await Server.CreateSchemaAsync("kit");
        await ExecuteAsync(first, "CREATE TABLE t (x int)");

        Assert.That(await ExecuteAsync(second, "SELECT count(*) FROM pg_tables WHERE tablename = 't' AND schemaname = current_schema()"), Is.EqualTo(0L));
        await Server.DropSchemaAsync(first);
        await Server.DropSchemaAsync(second);
    }

    [Test]
    public async Task DropDatabaseAsync_WithSessionOpen_DropsIt()
    {
        string database = await Server.CreateDatabaseAsync("kit");
        string name = new NpgsqlConnectionStringBuilder(database).Database!;
        await using var open = new NpgsqlConnection(database);
        await open.OpenAsync();

        await Server.DropDatabaseAsync(database);

        Assert.That(await ExecuteAsync(ConnectionString, $"SELECT count(*) FROM pg_database WHERE datname = '{name}'"), Is.EqualTo(0L));
        NpgsqlConnection.ClearPool(open);
    }

    [TestCase("Upper")]
    [TestCase("a\"; DROP TABLE x; --")]
    [TestCase("")]
    [TestCase("a234567890123456789012345678901")]
    public void CreateSchemaAsync_WithBadPrefix_Refuses(string prefix) =>
        Assert.That(() => Server.CreateSchemaAsync(prefix), Throws.ArgumentException);

    [Test]
    public async Task StartAsync_WithConnectionString_UsesItAndLeavesItRunning()
    {
        SearchPaths paths = new(Server.ConnectionString, [], "no-such-docker");
        await using (IServerInstance instance = await ServerSources.StartAsync(new PostgreSqlServerOptions(), paths, default))
        {
            Assert.That(instance.ConnectionString, Is.EqualTo(Server.ConnectionString));
            Assert.That(instance.CanRestart, Is.False);
            Assert.That(() => instance.RestartAsync(immediate: true, default), Throws.TypeOf<NotSupportedException>());
        }

        Assert.That(await ExecuteAsync(ConnectionString, "SELECT 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task StartAsync_WithDeadConnectionString_SaysWhichVariableWithoutThePassword()
    {
        SearchPaths paths = new("Host=127.0.0.1;Port=1;Username=u;Password=topsecret;Timeout=2", [], "no-such-docker");

        var e = await Assert.ThrowsAsync<PostgreSqlUnavailableException>(() => ServerSources.StartAsync(new PostgreSqlServerOptions(), paths, default));
        Assert.That(e!.Message, Does.Contain("ORCHESTRATOR_POSTGRES").And.Not.Contain("topsecret"));
    }

    [Test]
    public async Task StartAsync_WithNoSource_SaysHowToGetEach()
    {
        SearchPaths paths = new(null, ["/no/such/folder"], "no-such-docker");

        var e = await Assert.ThrowsAsync<PostgreSqlUnavailableException>(() => ServerSources.StartAsync(new PostgreSqlServerOptions(), paths, default));
        Assert.That(e!.Message, Does.Contain("ORCHESTRATOR_POSTGRES").And.Contain("apt-get install postgresql").And.Contain("docker info"));
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = dataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
