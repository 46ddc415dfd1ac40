using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.Projections;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>A job on PostgreSQL, with lanes: to the end of the log, past an append that is still open, and out.</summary>
public sealed class RunToEndTests : ApplicationFixture
{
    private static EventData Happened => new("Happened", "{}"u8.ToArray());

    [Test]
    public async Task RunProjectionsToEndAsync_AnAppendIsStillOpen_WaitsForItAndForWhatCameBehind()
    {
        using IHost job = CreateHost();
        await job.MigrateOrchestratorAsync();
        await ExecuteAsync("CREATE TABLE seen (aggregate_id text PRIMARY KEY)");
        IEventStore store = job.Services.GetRequiredService<IEventStore>();
        await store.AppendBulkAsync([.. Enumerable.Range(0, 50).Select(id => new AggregateAppend("Thing", $"early-{id}", ExpectedVersion.NoStream, [Happened]))]);
        await using NpgsqlConnection connection = await DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction open = await connection.BeginTransactionAsync();
        await store.AppendAsync("Thing", "late", ExpectedVersion.NoStream, [Happened], open);
        await store.AppendAsync("Thing", "behind", ExpectedVersion.NoStream, [Happened]);

        Task running = job.RunProjectionsToEndAsync();
        await Eventually.HoldsAsync(() => ReadAsync<bool>("SELECT count(*) = 50 FROM seen"));
        Assert.That(running.IsCompleted, Is.False, "an event that is committed cannot be read yet");
        await open.CommitAsync();
        await running;

        Assert.That(await ReadAsync<long>("SELECT count(*) FROM seen"), Is.EqualTo(52));
        Assert.That(await ReadAsync<long>("SELECT count(*) FROM projection_checkpoints"), Is.EqualTo(4), "a row a lane");
        Assert.That(await ReadAsync<long>("SELECT count(*) FROM orchestrator_workers"), Is.Zero);
    }

    private IHost CreateHost()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(HostConnectionString)).AddReplicaSet("job", rs => rs.Lanes = 4).AddProjection<Seen>();
        return builder.Build();
    }

    private sealed class Seen : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.Enqueue("INSERT INTO seen (aggregate_id) VALUES ($1)", e.AggregateId);
            return ValueTask.CompletedTask;
        }
    }
}
