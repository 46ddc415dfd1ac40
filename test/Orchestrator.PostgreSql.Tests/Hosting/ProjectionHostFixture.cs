using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>The base of fixtures that run projections in whole hosts. The tests of a fixture share its log and tables, and have aggregate types and projections of their own.</summary>
public abstract class ProjectionHostFixture : ApplicationFixture
{
    /// <summary>Creates what the projections write to.</summary>
    protected abstract string CreateTables { get; }

    /// <summary>The test's replica set.</summary>
    protected string ReplicaSet { get; private set; } = "";

    [OneTimeSetUp]
    public Task CreateReadModels() => ExecuteAsync(CreateTables);

    [SetUp]
    public void NameReplicaSet() => ReplicaSet = "set-" + Guid.NewGuid().ToString("N");

    /// <summary>A host with small batches, whose failures are tried again at once.</summary>
    internal IHost CreateHost(HostLog log, Action<IReplicaSetBuilder> addProjections, Action<IServiceCollection>? addServices = null, Action<ReplicaSetOptions>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log);
        addServices?.Invoke(builder.Services);
        addProjections(builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(HostConnectionString)).AddReplicaSet(ReplicaSet, rs =>
        {
            rs.BatchSize = 10;
            rs.JoinQuietTime = TimeSpan.FromMilliseconds(10);
            rs.Retry.InitialDelay = TimeSpan.Zero;
            rs.Retry.MaxAttempts = 3;
            configure?.Invoke(rs);
        }));
        return builder.Build();
    }

    /// <summary>Appends events to as many aggregates in turn, so that they lie mixed in the log.</summary>
    protected static async Task AppendAsync(IHost host, string aggregateType, int aggregates, int eventsEach)
    {
        IEventStore store = host.Services.GetRequiredService<IEventStore>();
        for (int version = 1; version <= eventsEach; version++)
        {
            ExpectedVersion before = version == 1 ? ExpectedVersion.NoStream : ExpectedVersion.Exact(version - 1);
            await store.AppendBulkAsync([.. Enumerable.Range(1, aggregates).Select(id => new AggregateAppend(
                aggregateType, string.Create(CultureInfo.InvariantCulture, $"{aggregateType}-{id}"), before, [new EventData("Happened", "{}"u8.ToArray())]))]);
        }
    }
}
