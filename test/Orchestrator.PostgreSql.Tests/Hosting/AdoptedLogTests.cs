using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Tests.Schema;
using Orchestrator.Projections;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>A whole host over a log that another program created: its events and ours, each exactly once and in order.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class AdoptedLogTests(bool isAdoptedBefore) : PostgreSqlFixture
{
    private ApplicationUser? _user;

    [OneTimeTearDown]
    public async Task DropUser() => await (_user?.DropAsync() ?? Task.CompletedTask);

    [Test]
    public async Task Host_AdoptingALog_AppliesOldAndNewEventsOnceAndInOrder()
    {
        await ExecuteAsync(ExistingLog.CreateEvents + ExistingLog.Fill);
        if (isAdoptedBefore)
        {
            // By the owner; the host then needs no more than a worker's rights.
            var owners = new PostgreSqlOptions { ConnectionString = ConnectionString, AggregateIdType = AggregateIdType.Uuid, AdoptExistingLog = true };
            await new PostgreSqlMigrator(owners).MigrateAsync();
            _user = await ApplicationUser.CreateAsync(DataSource, ConnectionString, owners);
        }

        await ExecuteAsync("CREATE TABLE seen (id bigint GENERATED ALWAYS AS IDENTITY, aggregate_id text NOT NULL, version bigint NOT NULL)");
        using IHost host = CreateHost();
        await host.StartAsync();
        await Eventually.HoldsAsync(() => ReadAsync<bool>("SELECT count(*) = 12 FROM seen"));

        IEventStore store = host.Services.GetRequiredService<IEventStore>();
        for (int n = 1; n <= 3; n++)
        {
            await store.AppendAsync("Order", ExistingLog.Id(n), ExpectedVersion.Exact(ExistingLog.EventsEach), [new EventData("Happened", default), new EventData("Happened", default)]);
        }

        await Eventually.HoldsAsync(() => ReadAsync<bool>("SELECT count(*) >= 18 FROM seen"));
        await host.StopAsync();

        Assert.That(
            await ReadAsync<string>("SELECT string_agg(versions, ' ') FROM (SELECT string_agg(version::text, ',' ORDER BY id) AS versions FROM seen GROUP BY aggregate_id) AS each"),
            Is.EqualTo("1,2,3,4,5,6 1,2,3,4,5,6 1,2,3,4,5,6"));
    }

    private IHost CreateHost()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services
            .AddProjectionOrchestrator(o => o.UsePostgreSql(_user?.ConnectionString ?? ConnectionString, options =>
            {
                options.AggregateIdType = AggregateIdType.Uuid;
                options.AdoptExistingLog = true;
                options.MigrateOnStart = true;
            }))
            .AddReplicaSet("main", rs => rs.Lanes = 2)
            .AddProjection<Seen>();
        return builder.Build();
    }

    private sealed class Seen : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.Enqueue("INSERT INTO seen (aggregate_id, version) VALUES ($1, $2)", e.AggregateId, e.AggregateVersion);
            return ValueTask.CompletedTask;
        }
    }
}
