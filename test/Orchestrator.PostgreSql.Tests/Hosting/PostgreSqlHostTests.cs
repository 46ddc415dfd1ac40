using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Whole hosts on PostgreSQL: append, workers, projections, commit.</summary>
public sealed class PostgreSqlHostTests : ApplicationFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [OneTimeSetUp]
    public async Task Migrate()
    {
        using IHost host = CreateHost();
        await host.MigrateOrchestratorAsync();
        await using NpgsqlCommand create = DataSource.CreateCommand(
            """
            CREATE TABLE trace (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, projection text NOT NULL, aggregate_id text NOT NULL, version bigint NOT NULL);
            CREATE TABLE totals (aggregate_id text PRIMARY KEY, events bigint NOT NULL);
            """);
        await create.ExecuteNonQueryAsync();
    }

    [Test]
    public async Task ThreeHosts_JoinAndLeaveWhileAppending_EachAppliedOnceInOrder()
    {
        using IHost first = CreateHost();
        using IHost second = CreateHost();
        using IHost third = CreateHost();
        await first.StartAsync();
        Task appending = AppendAsync(first, aggregates: 40, eventsEach: 30, from: 1);
        await WaitForAsync("SELECT count(*) > 0 FROM trace");
        await second.StartAsync();
        await third.StartAsync();
        await appending;
        await WaitForAsync("SELECT count(*) = 3600 FROM trace");
        await second.StopAsync();
        await AppendAsync(first, aggregates: 40, eventsEach: 10, from: 31);
        await WaitForAsync("SELECT count(*) = 4800 FROM trace");
        await first.StopAsync();
        await third.StopAsync();

        Assert.That(await ScalarAsync("SELECT count(*) FROM (SELECT version, row_number() OVER (PARTITION BY projection, aggregate_id ORDER BY id) AS wanted FROM trace) t WHERE version <> wanted"), Is.Zero);
        Assert.That(await ScalarAsync("SELECT count(*) FROM totals WHERE events <> 40"), Is.Zero);
        Assert.That(await ScalarAsync("SELECT count(*) FROM orchestrator_workers"), Is.Zero, "Whoever has stopped has left.");
        Assert.That(await ScalarAsync("SELECT count(*) FROM orchestrator_generations WHERE state = 'active'"), Is.EqualTo(1));
    }

    private static async Task AppendAsync(IHost host, int aggregates, int eventsEach, int from)
    {
        IEventStore store = host.Services.GetRequiredService<IEventStore>();
        for (int version = from; version < from + eventsEach; version++)
        {
            await store.AppendBulkAsync([.. Enumerable.Range(0, aggregates).Select(id => new AggregateAppend(
                "Thing", $"thing-{id}", version == 1 ? ExpectedVersion.NoStream : ExpectedVersion.Exact(version - 1), [new EventData("Happened", "{}"u8.ToArray())]))]);
        }
    }

    private IHost CreateHost()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(new TestOutputLoggerProvider());
        builder.Services
            .AddProjectionOrchestrator(o => o.UsePostgreSql(HostConnectionString))
            .AddReplicaSet("main", rs => rs.BatchSize = 25)
                .AddProjection<TraceByQueue>()
                .AddProjection<TraceByConnection>()
                .AddProjection<TotalsByBatch>();
        return builder.Build();
    }

    private async Task WaitForAsync(string condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (await ScalarAsync($"SELECT ({condition})::int") == 0)
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, $"Still not true after {Patience}: {condition}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using NpgsqlCommand command = DataSource.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private const string InsertTrace = "INSERT INTO trace (projection, aggregate_id, version) VALUES ($1, $2, $3)";

    private sealed class TraceByQueue : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.Enqueue(InsertTrace, context.Projection, e.AggregateId, e.AggregateVersion);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class TraceByConnection : IProjection
    {
        public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            var connection = (NpgsqlConnection)await context.GetConnectionAsync(cancellationToken);
            await using var insert = new NpgsqlCommand(InsertTrace, connection, (NpgsqlTransaction)context.Transaction)
            {
                Parameters = { new() { Value = context.Projection }, new() { Value = e.AggregateId }, new() { Value = e.AggregateVersion } },
            };
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private sealed class TotalsByBatch : IBatchProjection
    {
        public ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
        {
            foreach (PersistedEvent e in events)
            {
                context.Enqueue(InsertTrace, context.Projection, e.AggregateId, e.AggregateVersion);
            }

            context.Enqueue(
                "INSERT INTO totals SELECT id, count(*) FROM unnest($1) AS id GROUP BY id ON CONFLICT (aggregate_id) DO UPDATE SET events = totals.events + EXCLUDED.events",
                events.Select(e => e.AggregateId).ToArray());
            return ValueTask.CompletedTask;
        }
    }

    private sealed class TestOutputLoggerProvider : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            TestContext.Progress.WriteLine($"{TimeProvider.System.GetUtcNow():mm:ss.fff} {logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
