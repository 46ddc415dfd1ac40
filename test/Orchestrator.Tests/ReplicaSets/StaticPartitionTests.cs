using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Processing;

namespace Orchestrator.Tests.ReplicaSets;

/// <summary>Whole hosts whose partitions are set by hand.</summary>
internal sealed class StaticPartitionTests
{
    private readonly List<HostUnderTest> _hosts = [];

    [TearDown]
    public async Task StopHosts()
    {
        foreach (HostUnderTest host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        _hosts.Clear();
    }

    [Test]
    public async Task TwoWorkers_Always_ShareTheLogExactlyOnce()
    {
        var database = new InMemoryDatabase();
        HostUnderTest first = await StartAsync(database, key: 0, total: 2);
        HostUnderTest second = await StartAsync(database, key: 1, total: 2);
        await first.AppendAsync(60);
        await AppliedAsync(60, first, second);

        Assert.That(first.Script.Applied(), Is.Not.Empty);
        Assert.That(second.Script.Applied(), Is.Not.Empty);
        Assert.That(first.Said("Assigned partition: 0 of 2"));
        Assert.That((await first.CheckAsync("ready")).Data["main"], Does.Contain("partition 0 of 2"));
    }

    [Test]
    public async Task SameKey_SecondIsRefusedByNameAndTakesOverWhenTheFirstLeaves()
    {
        var database = new InMemoryDatabase();
        HostUnderTest first = await StartAsync(database, key: 0, total: 1);
        HostUnderTest second = await StartAsync(database, key: 0, total: 1, isReady: false);
        await second.AppendAsync(10);
        await AppliedAsync(10, first, second);
        HealthReportEntry refused = await second.CheckAsync("ready");

        Assert.That(second.Script.Applied(), Is.Empty);
        Assert.That(refused.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(refused.Description, Does.Contain("The same PartitionKey is in use").And.Contain($"process {Environment.ProcessId}"));
        Assert.That(second.Loggers.Entries.Count(entry => entry.Message.Contains("cannot take partition 0 of 1", StringComparison.Ordinal)), Is.EqualTo(1), "said once");

        await first.StopAsync();
        await IsReadyAsync(second);
        await second.AppendAsync(10);
        await AppliedAsync(20, first, second);
    }

    [Test]
    public async Task StaticBesideCoordinated_IsRefusedUntilTheCoordinatedLeaves()
    {
        var database = new InMemoryDatabase();
        HostUnderTest coordinated = await StartAsync(database, key: null, total: null);
        HostUnderTest byHand = await StartAsync(database, key: 0, total: 1, isReady: false);
        await Eventually.HoldsAsync(() => Task.FromResult(byHand.Said("cannot take partition 0 of 1")));
        await byHand.AppendAsync(10);
        await AppliedAsync(10, coordinated, byHand);

        Assert.That((await byHand.CheckAsync("ready")).Description, Does.Contain("shared by generations"));

        await coordinated.StopAsync();
        await IsReadyAsync(byHand);
        await byHand.AppendAsync(10);
        await AppliedAsync(20, coordinated, byHand);
    }

    [Test]
    public async Task CoordinatedBesideStatic_FormsNothingUntilTheStaticLeaves()
    {
        var database = new InMemoryDatabase();
        HostUnderTest byHand = await StartAsync(database, key: 0, total: 2);
        HostUnderTest coordinated = await StartAsync(database, key: null, total: null, isReady: false);
        await Eventually.HoldsAsync(() => Task.FromResult(coordinated.Said("forms no generation")));

        Assert.That((await coordinated.CheckAsync("ready")).Description, Does.Contain("PartitionKey"));

        await byHand.StopAsync();
        await IsReadyAsync(coordinated);
        await coordinated.AppendAsync(20);
        await AppliedAsync(20, byHand, coordinated);
    }

    [Test]
    public async Task TotalPartitions_ChangedBehindARestart_EachEventOnce()
    {
        var database = new InMemoryDatabase();
        HostUnderTest[] two = [await StartAsync(database, 0, 2), await StartAsync(database, 1, 2)];
        await two[0].AppendAsync(40);
        await Eventually.HoldsAsync(() => Task.FromResult(two.All(host => host.Script.Applied().Count > 0)), "both have begun");

        // One of the new ones is there before the last of the old ones has gone, as in a rolling deployment.
        HostUnderTest early = await StartAsync(database, 2, 3, isReady: false);
        await Eventually.HoldsAsync(() => Task.FromResult(early.Said("divided otherwise")));
        await two[0].StopAsync();
        await two[1].StopAsync();
        HostUnderTest[] three = [await StartAsync(database, 0, 3), await StartAsync(database, 1, 3), early];
        await three[0].AppendAsync(40);

        await AppliedAsync(80, [.. two, .. three]);
    }

    private async Task<HostUnderTest> StartAsync(InMemoryDatabase database, int? key, int? total, bool isReady = true)
    {
        void AddProjection(IReplicaSetBuilder replicaSet)
        {
            replicaSet.Services.AddHealthChecks().AddProjectionOrchestrator();
            replicaSet.AddProjection<ScriptedProjection>("totals");
        }

        void Configure(ReplicaSetOptions options) => (options.PartitionKey, options.TotalPartitions) = (key, total);

        var host = new HostUnderTest(AddProjection, Configure, database);
        _hosts.Add(host);
        await host.StartAsync();
        if (isReady)
        {
            await IsReadyAsync(host);
        }
        else
        {
            await Eventually.HoldsAsync(async () => (await host.CheckAsync("ready")).Description?.Contains("gives this worker no part", StringComparison.Ordinal) == true);
        }

        return host;
    }

    private static Task IsReadyAsync(HostUnderTest host) => Eventually.HoldsAsync(async () => (await host.CheckAsync("ready")).Status == HealthStatus.Healthy);

    // Every position of the log, by whichever host, and none twice.
    private static async Task AppliedAsync(int events, params HostUnderTest[] hosts)
    {
        await Eventually.HoldsAsync(() => Task.FromResult(hosts.Sum(host => host.Script.Applied().Count) >= events), $"{events} events are applied");
        Assert.That(hosts.SelectMany(host => host.Script.Applied()).Order(), Is.EqualTo(Enumerable.Range(1, events)));
    }
}
