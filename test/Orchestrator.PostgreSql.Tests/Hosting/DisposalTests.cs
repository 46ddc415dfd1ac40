using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.Projections;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>A host that is disposed without having been stopped leaves nothing behind in the database: no worker, no session, no lock.</summary>
public sealed class DisposalTests : ApplicationFixture
{
    private const int Events = 300;

    protected override bool NeedsOwnDatabase => true;

    [OneTimeSetUp]
    public async Task Migrate()
    {
        using IHost host = CreateHost();
        await host.MigrateOrchestratorAsync();
        await ExecuteAsync("CREATE TABLE seen (position bigint PRIMARY KEY)");
    }

    [Test]
    public async Task Dispose_WithoutStop_LeavesNoWorkerSessionOrLock([Values("Dispose", "DisposeAsync", "ServiceProvider")] string how)
    {
        await ExecuteAsync("TRUNCATE seen, events, aggregate_heads, projection_checkpoints RESTART IDENTITY");
        IHost host = CreateHost();
        IHost other = CreateHost();
        await host.StartAsync();
        await AppendAsync(host);
        await UntilAsync("SELECT EXISTS (SELECT FROM seen)", "the first host is in the middle of its work");
        await EndAsync(host, how);
        Assert.That(await ReadAsync<long>("SELECT count(*) FROM orchestrator_workers"), Is.Zero, "it has left");
        await UntilAsync(
            "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'orchestrator%')", "the server has seen all of its sessions end");
        Assert.That(await ReadAsync<long>("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"), Is.Zero);

        await other.StartAsync();
        await UntilAsync($"SELECT count(*) = {Events} FROM seen", "the next one goes on where it was; an event applied twice would break the key");
        await EndAsync(other, how);
    }

    private static async Task EndAsync(IHost host, string how)
    {
        switch (how)
        {
            case "Dispose":
                await Task.Run(host.Dispose).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
                break;
            case "DisposeAsync":
                await ((IAsyncDisposable)host).DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
                break;
            default:
                await Task.Run(((IDisposable)host.Services).Dispose).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
                break;
        }
    }

    private static async Task AppendAsync(IHost host)
    {
        IEventStore store = host.Services.GetRequiredService<IEventStore>();
        await store.AppendBulkAsync([.. Enumerable.Range(0, Events).Select(id => new AggregateAppend("Thing", $"thing-{id}", ExpectedVersion.NoStream, [new EventData("Happened", "{}"u8.ToArray())]))]);
    }

    private static Task UntilAsync(NpgsqlDataSource source, string condition, string what) => Eventually.HoldsAsync(
        async () =>
        {
            await using NpgsqlCommand command = source.CreateCommand(condition);
            return (bool)(await command.ExecuteScalarAsync())!;
        },
        what);

    private IHost CreateHost()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(new NpgsqlConnectionStringBuilder(HostConnectionString) { ApplicationName = "orchestrator host" }.ConnectionString))
            .AddReplicaSet("main", rs => (rs.BatchSize, rs.Lanes) = (1, 2))
                .AddProjection<Seen>();
        return builder.Build();
    }

    private Task UntilAsync(string condition, string what) => UntilAsync(DataSource, condition, what);

    private sealed class Seen : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.Enqueue("INSERT INTO seen VALUES ($1)", e.GlobalPosition);
            return ValueTask.CompletedTask;
        }
    }
}
