using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Checkpoints;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.Projections;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Whole hosts on a data source of the application: nothing of ours stays in its pool, and it stays the application's.</summary>
public sealed class DataSourceHostTests : PostgreSqlFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    protected override bool NeedsOwnDatabase => true;

    [TestCase("")]
    [TestCase(";No Reset On Close=true")]
    public async Task Host_OnADataSource_ProjectsAndGivesThePoolBackAsItWas(string extra)
    {
        await using NpgsqlDataSource pool = NpgsqlDataSource.Create(ConnectionString + ";Maximum Pool Size=12;Application Name=the application" + extra);
        string before = await SettingsAsync(DataSource);
        using (IHost host = CreateHost(pool))
        {
            await host.MigrateOrchestratorAsync();
            await ExecuteAsync("CREATE TABLE IF NOT EXISTS seen (aggregate_id text, version bigint, PRIMARY KEY (aggregate_id, version))");
            await ExecuteAsync("TRUNCATE seen, events, aggregate_heads, projection_checkpoints RESTART IDENTITY");
            await host.StartAsync();
            await AppendAsync(host, 50);
            await WaitForAsync("SELECT count(*) = 50 FROM seen");
            Assert.That(await ReadAsync<long>("SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"), Is.Positive);
            await host.StopAsync();
        }

        Assert.That(await ReadAsync<long>("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"), Is.Zero);
        var all = new List<NpgsqlConnection>();
        for (int i = 0; i < 12; i++)
        {
            all.Add(await pool.OpenConnectionAsync());
        }

        foreach (NpgsqlConnection connection in all)
        {
            Assert.That(await SettingsAsync(connection), Is.EqualTo(before));
            Assert.That(await ReadAsync(connection, "SELECT count(*) || current_setting('application_name') FROM pg_listening_channels()"), Is.EqualTo("0the application"));
            await connection.DisposeAsync();
        }
    }

    [Test]
    public async Task SendAsync_AStatementFailsWhereNpgsqlDoesNotSayWhich_NamesItsEvent()
    {
        Assert.That(new NpgsqlConnectionStringBuilder(ConnectionString).IncludeFailedBatchedCommand, Is.False);
        await using NpgsqlConnection connection = await DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        CommandQueue queue = CreateQueue(transaction);
        queue.Add("SELECT 1", [], SourceOf(7));
        queue.Add("SELECT 1 / $1", [0], SourceOf(8));
        queue.Add("SELECT 2", [], SourceOf(9));

        Assert.That(async () => await queue.SendAsync([], CancellationToken.None), Throws.TypeOf<ProjectionCommandException>().With.Message.Contains("position 8 "));
    }

    [Test]
    public async Task SendAsync_AValueThatNpgsqlCannotWrite_NamesTheEvents()
    {
        await using NpgsqlConnection connection = await DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        CommandQueue queue = CreateQueue(transaction);
        queue.Add("SELECT $1", [1], SourceOf(7));
        queue.Add("SELECT $1", [new object()], SourceOf(8));

        Assert.That(async () => await queue.SendAsync([], CancellationToken.None), Throws.TypeOf<ProjectionParameterException>().With.Message.Contains("from position 7 to 8"));
    }

    [Test]
    public async Task Dispose_OfTheServices_LeavesTheDataSourceOpen()
    {
        await using NpgsqlDataSource pool = NpgsqlDataSource.Create(ConnectionString);
        using (IHost host = CreateHost(pool))
        {
            await host.MigrateOrchestratorAsync();
            await AppendAsync(host, 1);
        }

        Assert.That(await SettingsAsync(pool), Is.Not.Empty);
    }

    private static CommandSource SourceOf(long position)
    {
        PersistedEvent e = Event(position);
        return new CommandSource(e, e);
    }

    private static PersistedEvent Event(long position) => new()
    {
        GlobalPosition = position,
        AggregateType = "Thing",
        AggregateId = "a",
        AggregateVersion = position,
        EventId = Guid.NewGuid(),
        EventType = "Happened",
        EventVersion = 1,
        Payload = ReadOnlyMemory<byte>.Empty,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private static async Task AppendAsync(IHost host, int count)
    {
        IEventStore store = host.Services.GetRequiredService<IEventStore>();
        for (int i = 0; i < count; i++)
        {
            await store.AppendAsync("Thing", $"thing-{i}", ExpectedVersion.Any, [new EventData("Happened", "{}"u8.ToArray())]);
        }
    }

    private static IHost CreateHost(NpgsqlDataSource pool)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(pool);
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql()).AddReplicaSet("main").AddProjection<Seen>();
        return builder.Build();
    }

    private static async Task<string> SettingsAsync(NpgsqlDataSource source)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        return await SettingsAsync(connection);
    }

    private static Task<string> SettingsAsync(NpgsqlConnection connection) => ReadAsync(
        connection,
        "SELECT string_agg(name || '=' || current_setting(name), ',' ORDER BY name) FROM pg_settings WHERE name ~ '^tcp_|^enable_|_timeout$|client_connection|transaction_isolation|synchronous_commit'");

    private static async Task<string> ReadAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private CommandQueue CreateQueue(NpgsqlTransaction transaction)
    {
        var sql = new SqlCatalog(new PostgreSqlOptions());
        return new CommandQueue(new BatchTransaction(transaction, 1, "totals", DataSource, sql), sql);
    }

    private async Task WaitForAsync(string condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!await ReadAsync<bool>(condition))
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, $"Still not true after {Patience}: {condition}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    private sealed class Seen : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.Enqueue("INSERT INTO seen VALUES ($1, $2)", e.AggregateId, e.AggregateVersion);
            return ValueTask.CompletedTask;
        }
    }
}
