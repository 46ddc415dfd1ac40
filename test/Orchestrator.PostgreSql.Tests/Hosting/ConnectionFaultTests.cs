using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orchestrator.Testing;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Databases that cannot be reached or worked with: the host lives, is not ready, and its log says what to do.</summary>
public sealed class ConnectionFaultTests : HostFixture
{
    [TestCase("Host", "no-such-host.invalid", "at no-such-host.invalid:", "Check that the server runs")]
    [TestCase("Port", "1", "at 127.0.0.1:1 ", "Check that the server runs")]
    [TestCase("Password", "wrong", "28P01", "Check user and password in Orchestrator:PostgreSql:ConnectionString")]
    [TestCase("Database", "no_such_database", "\"no_such_database\" does not exist", "Create the database")]
    public async Task Start_NoWayToTheDatabase_LivesAndSaysWhereAsWhomAndWhatToDo(string key, string value, string reason, string wayOut)
    {
        // Without a password in its connection string the server asks for none.
        Assume.That(key != "Password" || new NpgsqlConnectionStringBuilder(ConnectionString).Password is not null);
        string connectionString = ConnectionStringWith(builder => builder[key] = value);
        using var host = new HostUnderTest(connectionString);
        await host.StartAsync();

        string error = await host.ErrorAsync("Cannot connect to the database");
        HealthReportEntry readiness = await host.ReadinessAsync();

        Assert.That(error, Does.Contain(reason).And.Contain(wayOut).And.Contain($"as user '{new NpgsqlConnectionStringBuilder(connectionString).Username}'"));
        Assert.That(error, Does.Not.Contain("wrong"), "never a password");
        Assert.That(readiness.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(readiness.Description, Does.Contain("cannot register"));
        Assert.That(host.Lives);
    }

    [Test]
    public async Task Start_ServerAway_StartsWhenItComes()
    {
        if (!Server.CanRestart)
        {
            Assert.Ignore("The server given by ORCHESTRATOR_POSTGRES is not ours to stop.");
        }

        // A server of its own: nobody else's tests must be hit.
        await using PostgreSqlServer server = await PostgreSqlServer.StartAsync();
        using var host = new HostUnderTest(server.ConnectionString);
        await host.MigrateAsync();
        NpgsqlConnection.ClearAllPools();
        using (Process kill = Process.Start("kill", ["-INT", server.ProcessId!.Value.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await host.StartAsync();
        await host.ErrorAsync("Cannot connect to the database");
        await server.RestartAsync(immediate: false);

        await host.ReadyAsync();
        await host.StopAsync();
    }

    [TestCase("DROP TABLE orchestrator_migrations", "are missing in", "run 'orchestrator migrations apply'")]
    [TestCase("UPDATE orchestrator_migrations SET version = -version", "at version -1", "MigrateOrchestratorAsync()")]
    [TestCase("INSERT INTO orchestrator_migrations (version, name) VALUES (999, 'from_the_future')", "at version 999", "Update the application's Orchestrator packages")]
    public async Task Start_SchemaMissingOlderOrNewer_SaysWhatMendsIt(string sabotage, string what, string wayOut)
    {
        await ExecuteAsync("CREATE TABLE kept AS TABLE orchestrator_migrations; " + sabotage);
        using var host = new HostUnderTest(ConnectionString);
        await host.StartAsync();

        string error = await host.ErrorAsync("The orchestrator's tables");
        await ExecuteAsync("CREATE TABLE IF NOT EXISTS orchestrator_migrations (LIKE kept); TRUNCATE orchestrator_migrations; INSERT INTO orchestrator_migrations TABLE kept");
        await host.ReadyAsync();

        Assert.That(error, Does.Contain(what).And.Contain(wayOut));
        Assert.That(host.Lives);
    }

    [Test]
    public async Task Start_MigrateOnStartWithoutADatabase_SaysWhereItIsNot()
    {
        using var host = new HostUnderTest(ConnectionStringWith(builder => builder.Database = "no_such_database"), options => options.MigrateOnStart = true);
        await host.StartAsync();

        Assert.That(await host.ErrorAsync("Cannot connect"), Does.Contain("Create the database"));
    }
}
