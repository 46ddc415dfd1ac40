using Npgsql;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.EventStore;

/// <summary>The server keeps the plans of appends, and nobody notices.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public sealed class PreparedAppendTests
{
    private StoreUnderTest _migrated = null!;

    [SetUp]
    public async Task CreateStore() => _migrated = await StoreUnderTest.CreateAsync();

    [TearDown]
    public async Task DropStore() => await _migrated.DisposeAsync();

    [Test]
    public async Task AppendAsync_Repeated_IsPreparedOnce()
    {
        await using StoreUnderTest store = OneConnection(_migrated.Options.ConnectionString!);
        for (int i = 0; i < 10; i++)
        {
            await AppendAndReadAsync(store);
        }

        Assert.That(await store.ScalarAsync("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%INSERT INTO %'"), Is.EqualTo(1));
        Assert.That(await store.ScalarAsync("SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE '%INSERT INTO %'"), Is.EqualTo(10));
    }

    [TestCase("ALTER TABLE events ALTER aggregate_version TYPE integer")]
    [TestCase("DEALLOCATE ALL")]
    public async Task AppendAsync_AfterTheServerThrewThePlansAway_PreparesAgain(string cause)
    {
        await using StoreUnderTest store = OneConnection(_migrated.Options.ConnectionString!);
        await AppendAndReadAsync(store);

        await store.ExecuteAsync(cause);
        await AppendAndReadAsync(store);

        Assert.That((await store.Store.ReadAggregateStreamAsync("Order", "1")).Version, Is.EqualTo(2));
    }

    // Without a host nobody has looked for a proxy before. There are fewer sessions than clients, so whoever prepares in one finds another.
    [Test]
    public async Task AppendAsync_ThroughAProxyThatPoolsTransactions_PreparesNothing()
    {
        await using PgBouncer proxy = await PgBouncer.StartAsync(
            _migrated.Options.ConnectionString!, PgBouncer.Transactions, "default_pool_size = 2", "ignore_startup_parameters = options,extra_float_digits,search_path");
        string schema = new NpgsqlConnectionStringBuilder(_migrated.Options.ConnectionString).SearchPath!;
        await using var store = new StoreUnderTest(new PostgreSqlOptions { ConnectionString = proxy.ConnectionString, Schema = schema });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(client => AppendToAsync(store, $"{client}")));

        Assert.That(await _migrated.ScalarAsync("SELECT count(*) FROM events"), Is.EqualTo(200));
    }

    private static async Task AppendToAsync(StoreUnderTest store, string id)
    {
        for (int version = 0; version < 10; version++)
        {
            await store.Store.AppendAsync("Order", id, version == 0 ? ExpectedVersion.NoStream : ExpectedVersion.Exact(version), [new EventData("Happened", default)]);
            await store.Store.ReadAggregateStreamAsync("Order", id);
        }
    }

    private static async Task AppendAndReadAsync(StoreUnderTest store)
    {
        await store.Store.AppendAsync("Order", "1", ExpectedVersion.Any, [new EventData("Happened", default)]);
        await store.Store.ReadAggregateStreamAsync("Order", "1");
    }

    private static StoreUnderTest OneConnection(string connectionString) =>
        new(new PostgreSqlOptions { ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 1 }.ConnectionString });
}
