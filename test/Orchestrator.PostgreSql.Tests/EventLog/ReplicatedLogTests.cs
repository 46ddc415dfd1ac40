using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.Projections;
using Orchestrator.Testing;
using Orchestrator.Testing.Servers;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>Copies of a log, where the locks of open appends are not: each with real replication, and each refused.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public sealed class ReplicatedLogTests
{
    private static readonly PostgreSqlServerOptions Options = new()
    {
        Fsync = false,
        MaxConnections = 60,
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["wal_level"] = "logical" },
    };

    private PostgreSqlPrograms _programs = null!;
    private LocalCluster _cluster = null!;

    [SetUp]
    public async Task StartCluster()
    {
        IEnumerable<string> folders = SearchPaths.OfThisMachine().ProgramFolders.Where(folder => File.Exists(Path.Combine(folder, "pg_basebackup")));
        if (await PostgreSqlPrograms.FindAsync(folders, default) is not { } programs)
        {
            SharedPostgreSql.SkipOrFail("PostgreSQL's programs, pg_basebackup among them, are not on this machine.");
            return;
        }

        _programs = programs;
        _cluster = await LocalCluster.StartAsync(programs, Options, default);
        await MigrateAsync(_cluster.ConnectionString);
    }

    [TearDown]
    public async Task StopCluster()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Test]
    public async Task Standby_OfALog_IsRefusedUntilItIsPromoted()
    {
        await using Standby standby = await Standby.StartAsync(_programs, _cluster);
        await InsertAsync(_cluster.ConnectionString);
        await Eventually.HoldsAsync(async () => await ScalarAsync<long>(standby.ConnectionString, "SELECT count(*) FROM events") == 1);

        Assert.That((await RefusalsAsync(standby.ConnectionString)).Select(e => e.Faults.Single()), Has.Exactly(2).Items.And.All.Contains("standby").And.All.Contains("Connect to the primary"));

        Assert.That(await ScalarAsync<bool>(standby.ConnectionString, "SELECT pg_promote()"), Is.True);
        Assert.That(await RefusalsAsync(standby.ConnectionString), Is.Empty);
    }

    [Test]
    public async Task Host_OnAStandby_SaysWhyItDoesNothingAndLivesOn()
    {
        await using Standby standby = await Standby.StartAsync(_programs, _cluster);
        var logged = new Messages();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(logged);
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(standby.ConnectionString)).AddReplicaSet("main").AddProjection<Nothing>();
        using IHost host = builder.Build();
        await host.StartAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(logged.Texts.Any(text => text.Contains("The server is a standby", StringComparison.Ordinal))));

        Assert.That(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested, Is.False);
        await host.StopAsync();
    }

    [Test]
    public async Task Subscriber_OfALog_IsRefused()
    {
        string subscriber = await CreateDatabaseAsync("subscriber");
        await MigrateAsync(subscriber);
        Assert.That(await RefusalsAsync(subscriber), Is.Empty);

        // In one cluster CREATE SUBSCRIPTION waits for ever for the slot that it makes itself: https://www.postgresql.org/docs/current/sql-createsubscription.html.
        var to = new NpgsqlConnectionStringBuilder(_cluster.ConnectionString);
        await ExecuteAsync(_cluster.ConnectionString, "CREATE PUBLICATION log FOR TABLE events");
        await ExecuteAsync(_cluster.ConnectionString, "SELECT pg_create_logical_replication_slot('log', 'pgoutput')");
        await ExecuteAsync(
            subscriber,
            $"CREATE SUBSCRIPTION log CONNECTION 'host={to.Host} port={to.Port} user={to.Username} password={to.Password} dbname={to.Database}' PUBLICATION log WITH (create_slot = false, copy_data = false)");
        await InsertAsync(_cluster.ConnectionString);
        await Eventually.HoldsAsync(async () => await ScalarAsync<long>(subscriber, "SELECT count(*) FROM events") == 1);

        Assert.That(await ScalarAsync<bool>(subscriber, "SELECT is_called FROM events_global_position_seq"), Is.False, "the events come, but no position is drawn here");
        Assert.That((await RefusalsAsync(subscriber)).Select(e => e.Faults.Single()), Has.Exactly(2).Items.And.All.Contains("logical-replication subscription").And.All.Contains("Connect to the publisher"));
        Assert.That(await RefusalsAsync(_cluster.ConnectionString), Is.Empty, "the publisher is an ordinary log");
    }

    /// <summary>What the check before a worker registers, and a reader's own session, have against a log.</summary>
    private static async Task<List<UnsafeEventLogException>> RefusalsAsync(string connectionString)
    {
        var options = new PostgreSqlOptions { ConnectionString = connectionString };
        var sql = new SqlCatalog(options);
        await using var connections = new PostgreSqlConnections(options, TimeProvider.System);
        await using var log = new PostgreSqlEventLog(connections, sql, new LogHistory(), TimeProvider.System, NullLogger<PostgreSqlEventLog>.Instance);
        var refusals = new List<UnsafeEventLogException>();
        foreach (Func<Task> use in new[] { () => new SchemaCheck(connections, sql, new LogHistory(), NullLogger<SchemaCheck>.Instance).CheckAsync(CancellationToken.None), () => log.ReadAsync(EventLogFixture.Request(), CancellationToken.None).AsTask() })
        {
            try
            {
                await use();
            }
            catch (UnsafeEventLogException e)
            {
                refusals.Add(e);
            }
        }

        return refusals;
    }

    private static async Task MigrateAsync(string connectionString) => await new PostgreSqlMigrator(new PostgreSqlOptions { ConnectionString = connectionString }).MigrateAsync();

    private async Task<string> CreateDatabaseAsync(string name)
    {
        await ExecuteAsync(_cluster.ConnectionString, $"CREATE DATABASE {name}");
        return new NpgsqlConnectionStringBuilder(_cluster.ConnectionString) { Database = name }.ConnectionString;
    }

    private static async Task InsertAsync(string connectionString)
    {
        await using NpgsqlConnection connection = await OpenAsync(connectionString);
        await EventLogFixture.InsertAsync(connection);
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = await OpenAsync(connectionString);
        await EventLogFixture.ExecuteAsync(connection, sql);
    }

    private static async Task<T> ScalarAsync<T>(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = await OpenAsync(connectionString);
        return await EventLogFixture.ScalarAsync<T>(connection, sql);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private sealed class Nothing : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class Messages : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Texts { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Texts.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
