using Npgsql;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Each role may do what it is for, and no more; who lacks a right is told which.</summary>
public sealed class RoleTests : RoleFixture
{
    [Test]
    public async Task Hosts_AsWorkers_RunJoinAndLeave()
    {
        string worker = await CreateUserAsync("app", "worker");
        string appender = await CreateUserAsync("shop", "appender");
        await ExecuteAsync($"GRANT INSERT ON seen TO {Name("app")}");
        using var appending = new HostUnderTest(appender);
        using var first = new HostUnderTest(worker);
        using var second = new HostUnderTest(worker);

        await appending.AppendAsync("a", 5);
        await first.StartAsync();
        await Eventually.HoldsAsync(async () => await CountAsync("seen") == 5);
        await second.StartAsync();
        await Eventually.HoldsAsync(async () => await CountAsync("orchestrator_generations WHERE state = 'active' AND total_partitions = 2") == 1);
        await appending.AppendAsync("b", 5);
        await first.StopAsync();
        await appending.AppendAsync("c", 5);
        await Eventually.HoldsAsync(async () => await CountAsync("seen") == 15);
        await second.StopAsync();

        Assert.That(first.Errors.Concat(second.Errors), Is.Empty);
        Assert.That(await CountAsync("orchestrator_workers"), Is.Zero);
    }

    [Test]
    public async Task Host_WithoutAnyRight_NamesTheGrantsAndStartsOnceTheyAreRun()
    {
        string newcomer = await CreateUserAsync("newcomer");
        using var host = new HostUnderTest(newcomer);
        await host.StartAsync();

        string error = await host.ErrorAsync("lacks rights");
        string[] grants = [.. error.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("GRANT", StringComparison.Ordinal))];
        await ExecuteAsync(string.Join('\n', grants));
        await host.ReadyAsync();

        Assert.That(grants, Has.Length.EqualTo(9), error);
        Assert.That(grants, Has.Some.Match($"^GRANT USAGE ON SCHEMA .* TO {Name("newcomer")};$"));
        Assert.That(grants, Has.Some.Contains("GRANT SELECT, INSERT, UPDATE, DELETE ON ").And.Some.Contains("GRANT SELECT ON SEQUENCE "));
    }

    [Test]
    public async Task Host_RowLevelSecurityThatHidesEvents_IsRefusedUntilItDoesNotApply()
    {
        string worker = await CreateUserAsync("app", "worker");
        await ExecuteAsync("ALTER TABLE events ENABLE ROW LEVEL SECURITY");
        using var host = new HostUnderTest(worker);
        await host.StartAsync();

        Assert.That(await host.ErrorAsync("Row level security applies to this user"), Does.Contain("BYPASSRLS"));
        await ExecuteAsync($"ALTER ROLE {Name("app")} BYPASSRLS");

        await host.ReadyAsync();
    }

    [TestCase("projection_checkpoints", "UPDATE")]
    [TestCase("orchestrator_workers", "DELETE")]
    [TestCase("events", "SELECT")]
    public async Task Host_WithoutOneRight_NamesThatOne(string table, string right)
    {
        string worker = await CreateUserAsync("app", "worker");
        await ExecuteAsync($"REVOKE {right} ON {table} FROM {Name("worker")}");
        using var host = new HostUnderTest(worker);
        await host.StartAsync();

        string error = await host.ErrorAsync("lacks rights");

        Assert.That(error.Split('\n').Count(line => line.Contains("GRANT", StringComparison.Ordinal)), Is.EqualTo(1), error);
        Assert.That(error, Does.Match($@"GRANT {right} ON \w+\.{table} TO {Name("app")};"));
        Assert.That(host.Lives);
    }

    [Test]
    public async Task Host_AsWorkerWithMigrateOnStart_SaysThatItMayNotMigrate()
    {
        await ExecuteAsync("DELETE FROM orchestrator_migrations");
        string worker = await CreateUserAsync("app", "worker");
        using var host = new HostUnderTest(worker, options => options.MigrateOnStart = true);
        await host.StartAsync();

        Assert.That(await host.ErrorAsync("may not migrate"), Does.Contain("Migrate as another user"));
    }

    [TestCase("worker", "INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) VALUES ('T', 'x', 1, gen_random_uuid(), 'E', '')")]
    [TestCase("worker", "DELETE FROM events")]
    [TestCase("worker", "SELECT nextval('events_global_position_seq')")]
    [TestCase("worker", "ALTER TABLE events DISABLE TRIGGER announce_append")]
    [TestCase("worker", "CREATE TABLE mine ()")]
    [TestCase("worker", "SELECT FROM seen")]
    [TestCase("appender", "SELECT FROM projection_checkpoints")]
    [TestCase("reader", "SELECT payload FROM events")]
    [TestCase("reader", "SELECT aggregate_id, metadata FROM events")]
    [TestCase("reader", "SELECT FROM aggregate_heads")]
    [TestCase("reader", "UPDATE projection_checkpoints SET position = 0")]
    [TestCase("reader", "DELETE FROM orchestrator_workers")]
    [TestCase("reader", "SELECT payload FROM orchestrator_workflow_runs")]
    [TestCase("reader", "SELECT response FROM orchestrator_workflow_journal")]
    [TestCase("worker", "DELETE FROM orchestrator_workflow_runs")]
    [TestCase("worker", "UPDATE orchestrator_workflow_journal SET number = 1")]
    [TestCase("migrator", "SELECT FROM seen")]
    public async Task Statement_BeyondARole_IsDenied(string role, string statement)
    {
        string user = await CreateUserAsync("user", role);

        await Assert.ThatAsync(() => ExecuteAsAsync(user, statement), Throws.TypeOf<PostgresException>().With.Property(nameof(PostgresException.SqlState)).EqualTo(PostgresErrorCodes.InsufficientPrivilege));
    }

    [TestCase("projection_checkpoints")]
    [TestCase("orchestrator_replica_sets")]
    [TestCase("orchestrator_generations")]
    [TestCase("orchestrator_workers")]
    [TestCase("orchestrator_heartbeats")]
    [TestCase("orchestrator_migrations")]
    [TestCase("orchestrator_workflow_runs")]
    [TestCase("orchestrator_workflow_journal")]
    [TestCase("events_global_position_seq")]
    public async Task Reader_OfAStatusTable_Reads(string table)
    {
        string reader = await CreateUserAsync("user", "reader");

        await Assert.ThatAsync(() => ExecuteAsAsync(reader, $"SELECT FROM {table}"), Throws.Nothing);
    }

    [Test]
    public async Task Migrator_OnItsTables_Migrates()
    {
        string deployer = new NpgsqlConnectionStringBuilder(await CreateUserAsync("deployer", "migrator")) { Options = $"-c role={Name("migrator")}" }.ConnectionString;

        await ExecuteAsAsync(deployer, string.Concat(MigrationFile.Render(new PostgreSqlOptions()).Where(file => file.Name.Contains(".up.", StringComparison.Ordinal)).Select(file => file.Content)));
        await ExecuteAsAsync(deployer, "ALTER TABLE orchestrator_workers ADD COLUMN later int");

        Assert.That(await new PostgreSqlMigrator(new PostgreSqlOptions { ConnectionString = deployer }).MigrateAsync(), Is.Empty);
    }
}
