using Microsoft.Extensions.Options;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.PostgreSql.Tests.EventStore;

namespace Orchestrator.PostgreSql.Tests.Schema;

public sealed class PostgreSqlMigratorTests : SchemaFixture
{
    private const string OurTables =
        "SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_tables WHERE schemaname = current_schema()";

    [Test]
    public async Task MigrateAsync_OfAnEmptySchema_CreatesEveryTableOnce()
    {
        IReadOnlyList<string> first = await MigrateAsync(Options);
        IReadOnlyList<string> second = await MigrateAsync(Options);

        Assert.That(first, Is.EqualTo(new[] { "001_create_tables", "002_static_partitions", "003_rolling_strategy", "004_workflows" }));
        Assert.That(second, Is.Empty);
        Assert.That(await ScalarAsync(OurTables), Is.EqualTo(string.Join(',', TableOption.All.Select(t => t.DefaultName).Order(StringComparer.Ordinal))));
        Assert.That(async () => await CheckAsync(Options), Throws.Nothing);
    }

    [Test]
    public async Task MigrateAsync_TenTimesAtOnce_MigratesOnce()
    {
        IReadOnlyList<string>[] results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => MigrateAsync(Options))));

        Assert.That(results.Count(applied => applied.Count == Migration.All.Count), Is.EqualTo(1));
        Assert.That(results.Count(applied => applied.Count == 0), Is.EqualTo(9));
    }

    [Test]
    public async Task MigrateAsync_ThatFails_LeavesNothingBehind()
    {
        await ExecuteAsync("CREATE TABLE orchestrator_workers (something_else int)");

        await Assert.ThrowsAsync<PostgresException>(() => MigrateAsync(Options));

        Assert.That(await ScalarAsync(OurTables), Is.EqualTo("orchestrator_workers"));
    }

    [Test]
    public async Task MigrateAsync_OfANewerSchema_Refuses()
    {
        await MigrateAsync(Options);
        await ExecuteAsync("INSERT INTO orchestrator_migrations (version, name) VALUES (99, 'from_the_future')");

        SchemaVersionException e = (await Assert.ThrowsAsync<SchemaVersionException>(() => MigrateAsync(Options)))!;

        Assert.That((e.ActualVersion, e.RequiredVersion), Is.EqualTo((99, Migration.Latest)));
        Assert.That(e.Message, Does.Contain("Update the application"));
    }

    [Test]
    public async Task MigrateAsync_Cancelled_GivesUp()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        Assert.That(async () => await new PostgreSqlMigrator(Options).MigrateAsync(cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Constructor_WithWrongOptions_ListsTheFaults() =>
        Assert.That(
            () => new PostgreSqlMigrator(new PostgreSqlOptions { EventsTable = "a;b" }),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("EventsTable").And.Message.Contains("ConnectionString"));

    [Test]
    public async Task MigrateAsync_WithNamesOfItsOwn_LivesBesideTheDefaultNames()
    {
        PostgreSqlOptions own = OwnNames(schema: null);
        await MigrateAsync(Options);
        await MigrateAsync(own);

        await AppendAndReadAsync(Options);
        await AppendAndReadAsync(own);
        await CheckAsync(own);
        await ExecuteAsync(new SqlCatalog(own).Render(Migration.All[0].DownSql));
        Assert.That(async () => await CheckAsync(own), Throws.InstanceOf<SchemaVersionException>());
        Assert.That(async () => await CheckAsync(Options), Throws.Nothing, "the one's down script must not touch the other");
    }

    [Test]
    public async Task MigrateAsync_IntoASchemaThatIsMissing_CreatesItAndWorks()
    {
        string schema = "s" + Guid.NewGuid().ToString("N");
        PostgreSqlOptions own = OwnNames(schema);
        try
        {
            await MigrateAsync(own);
            await MigrateAsync(own);

            await AppendAndReadAsync(own);
            await CheckAsync(own);
            Assert.That(await ScalarAsync(OurTables), Is.EqualTo(DBNull.Value), "nothing in the search path's schema");
        }
        finally
        {
            await ExecuteAsync($"DROP SCHEMA IF EXISTS {schema} CASCADE");
        }
    }

    [Test]
    public async Task MigrateAsync_ByARoleWithoutTheRightToCreateSchemas_WorksInAnExistingOne()
    {
        string schema = (string)(await ScalarAsync("SELECT current_schema()"))!;
        string role = "r" + Guid.NewGuid().ToString("N");
        await ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD '{role}'; GRANT USAGE, CREATE ON SCHEMA {schema} TO {role}");
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(ConnectionString) { Username = role, Password = role };
            var options = new PostgreSqlOptions { ConnectionString = builder.ConnectionString, Schema = schema };
            await MigrateAsync(options);
            await CheckAsync(options);
            await AppendAndReadAsync(options);
        }
        finally
        {
            await ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [Test]
    public async Task MigrateAsync_ByDefault_LetsTheDocumentedQueriesRun()
    {
        await MigrateAsync(Options);

        // As people have them from the guides of the orchestrator that this one descends from.
        await ExecuteAsync(
            """
            -- View current generation
            SELECT * FROM orchestrator_generations 
            WHERE replica_set = 'main-projections' 
            ORDER BY generation_id DESC 
            LIMIT 1;

            -- View active workers
            SELECT * FROM orchestrator_workers 
            WHERE replica_set = 'main-projections';

            -- View recent heartbeats
            SELECT * FROM orchestrator_heartbeats 
            WHERE replica_set = 'main-projections'
            ORDER BY heartbeat_at DESC 
            LIMIT 10;
            """);
    }

    private PostgreSqlOptions OwnNames(string? schema)
    {
        // As long as names can be, and alike in all but the last letter: whatever is cut off would clash.
        var options = new PostgreSqlOptions { ConnectionString = ConnectionString, Schema = schema };
        char last = 'a';
        foreach (TableOption table in TableOption.All)
        {
            table.Set(options, new string('t', 62) + last++);
        }

        return options;
    }

    private static async Task AppendAndReadAsync(PostgreSqlOptions options)
    {
        await using var underTest = new StoreUnderTest(options);
        await underTest.Store.AppendAsync("Order", "1", ExpectedVersion.NoStream, [new EventData("Happened", default)]);
        await underTest.Store.AppendBulkAsync([new AggregateAppend("Order", "1", ExpectedVersion.Exact(1), [new EventData("Happened", default)])]);
        AggregateStream stream = await underTest.Store.ReadAggregateStreamAsync("Order", "1");
        Assert.That(stream.Events, Has.Count.EqualTo(2));
        DuplicateEventException e = (await Assert.ThrowsAsync<DuplicateEventException>(() => underTest.Store.AppendAsync(
            "Order", "2", ExpectedVersion.Any, [new EventData("Happened", default) { EventId = stream.Events[0].EventId }])))!;
        Assert.That(e.EventId, Is.EqualTo(stream.Events[0].EventId));
    }
}
