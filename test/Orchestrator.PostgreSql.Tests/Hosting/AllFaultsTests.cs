using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Faults of code, of the PostgreSQL section and of all other sections come out together when a host starts. No server is asked.</summary>
public sealed class AllFaultsTests
{
    [Test]
    public async Task StartAsync_FaultsEverywhere_AreOneList()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Orchestrator:PostgreSql:Shema"] = "shop",
            ["Orchestrator:PostgreSql:EventsTable"] = "Events!",
            ["Orchestrator:PostgreSql:MigrateOnStart"] = "maybe",
            ["Orchestrator:ReplicaSets:main:PollInterval"] = "5",
        });
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql((string?)null)).AddReplicaSet("main").AddProjection<Nothing>().AddReplicaSet("empty");
        using IHost host = builder.Build();
        AggregateException thrown = (await Assert.CatchAsync<AggregateException>(() => host.StartAsync()))!;

        Assert.That(
            thrown.InnerExceptions.Cast<OptionsValidationException>().SelectMany(exception => exception.Failures).Select(fault => fault.Split(". ")[0]),
            Is.EquivalentTo(new[]
            {
                "Orchestrator:PostgreSql:Shema is not known",
                "Orchestrator:PostgreSql:EventsTable is 'Events!'",
                "Orchestrator:PostgreSql:MigrateOnStart is 'maybe'",
                "Orchestrator:PostgreSql:ConnectionString is missing",
                "Orchestrator:ReplicaSets:main:PollInterval is '5'",
                "The replica set 'empty' has no projections: call AddProjection<T>() on it, or remove it.",
            }));
    }

    private sealed class Nothing : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
