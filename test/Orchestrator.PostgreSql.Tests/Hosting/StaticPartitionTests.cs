using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Events;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Projections;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Whole hosts whose partitions are set by hand, on PostgreSQL.</summary>
public sealed class StaticPartitionTests : ProjectionHostFixture
{
    private const int Assigned = 1105;
    private const int Blocked = 1107;
    private const int Refused = 1110;

    protected override string CreateTables =>
        "CREATE TABLE trace (written bigint GENERATED ALWAYS AS IDENTITY, replica_set text NOT NULL, aggregate_id text NOT NULL, version bigint NOT NULL, worker_id uuid NOT NULL)";

    [Test]
    public async Task TwoHosts_ThenThree_EachAppliedOnceAndInOrder()
    {
        using IHost first = CreateHost(0, 2, out _);
        using IHost second = CreateHost(1, 2, out _);
        await first.StartAsync();
        await second.StartAsync();
        await AppendAsync(first, ReplicaSet, aggregates: 30, eventsEach: 10);
        await AppliedAsync(300);
        Assert.That(await CountAsync("DISTINCT worker_id"), Is.EqualTo(2));
        await first.StopAsync();
        await second.StopAsync();

        IHost[] three = [.. Enumerable.Range(0, 3).Select(key => CreateHost(key, 3, out _))];
        await Task.WhenAll(three.Select(host => host.StartAsync()));
        await AppendAsync(three[0], ReplicaSet + "-later", aggregates: 30, eventsEach: 10);
        await AppliedAsync(600);
        await Task.WhenAll(three.Select(host => host.StopAsync()));
        Array.ForEach(three, host => host.Dispose());

        Assert.That(await CountAsync("DISTINCT worker_id"), Is.EqualTo(5));
        Assert.That(await ReadAsync<long>($"SELECT count(*) FROM orchestrator_workers WHERE replica_set = '{ReplicaSet}'"), Is.Zero, "whoever has stopped has left");
    }

    [Test]
    public async Task SameKey_SecondIsRefusedByNameUntilTheFirstHasLeft()
    {
        using IHost first = CreateHost(0, 1, out HostLog firstLog);
        using IHost second = CreateHost(0, 1, out HostLog secondLog);
        await first.StartAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(firstLog.With(Assigned).Count == 1));
        await second.StartAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(secondLog.With(Refused).Count == 1));

        Assert.That(secondLog.With(Refused).Single().Message, Does.Contain("The same PartitionKey is in use").And.Contain($"process {Environment.ProcessId} on {Environment.MachineName}"));

        await first.StopAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(secondLog.With(Assigned).Count == 1));
        await second.StopAsync();
    }

    [Test]
    public async Task StaticAndCoordinated_EachRefusedBesideTheOther()
    {
        using IHost byHand = CreateHost(0, 1, out HostLog byHandLog);
        using IHost coordinated = CreateHost(null, null, out HostLog coordinatedLog);
        await byHand.StartAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(byHandLog.With(Assigned).Count == 1));
        await coordinated.StartAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(coordinatedLog.With(Blocked).Count == 1));
        await byHand.StopAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(coordinatedLog.With(Assigned).Count == 1));

        using IHost again = CreateHost(0, 1, out HostLog againLog);
        await again.StartAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(againLog.With(Refused).Count == 1));
        await coordinated.StopAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(againLog.With(Assigned).Count == 1));
        await again.StopAsync();

        Assert.That(againLog.With(Refused).Single().Message, Does.Contain("shared by generations"));
    }

    private IHost CreateHost(int? key, int? total, out HostLog log)
    {
        void Configure(ReplicaSetOptions options) => (options.PartitionKey, options.TotalPartitions) = (key, total);

        return CreateHost(log = new HostLog(), replicaSet => replicaSet.AddReplicaSet(ReplicaSet, Configure).AddProjection<Trace>());
    }

    private async Task AppliedAsync(int events)
    {
        await Eventually.HoldsAsync(async () => await CountAsync("*") >= events, $"{events} events are applied");
        Assert.That(await CountAsync("DISTINCT (aggregate_id, version)"), Is.EqualTo(events), "none twice");
        Assert.That(
            await ReadAsync<long>($"SELECT count(*) FROM (SELECT version, row_number() OVER (PARTITION BY aggregate_id ORDER BY written) AS place FROM trace WHERE replica_set = '{ReplicaSet}') AS t WHERE version <> place"),
            Is.Zero,
            "in order");
    }

    private Task<long> CountAsync(string what) => ReadAsync<long>($"SELECT count({what}) FROM trace WHERE replica_set = '{ReplicaSet}'");

    private sealed class Trace : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            if (e.AggregateType.StartsWith(context.ReplicaSet, StringComparison.Ordinal))
            {
                context.Enqueue(
                    "INSERT INTO trace (replica_set, aggregate_id, version, worker_id) VALUES ($1, $2, $3, $4)", context.ReplicaSet, e.AggregateId, e.AggregateVersion, context.WorkerId);
            }

            return ValueTask.CompletedTask;
        }
    }
}
