using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Processing;

namespace Orchestrator.Tests.ReplicaSets;

/// <summary>Whole hosts: lanes, a limit of workers, replica sets that are switched off, and processes with different projections.</summary>
internal sealed class ScalingTests
{
    [Test]
    public async Task Enabled_False_RegistersNoWorkerAndSaysSo()
    {
        using var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"), rs => rs.Enabled = false);
        await host.StartAsync();
        await host.AppendAsync(3);
        await host.StopAsync();

        Assert.That(host.Positions("totals"), Is.Empty);
        Assert.That(host.Said("Orchestrator:ReplicaSets:main:Enabled is false"));
    }

    [Test]
    public async Task Lanes_HandlerWaits_OthersGoOnAtTheSameTime()
    {
        using var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"), rs => rs.Lanes = 4);
        var lanes = new ConcurrentDictionary<string, bool>();
        var goOn = new TaskCompletionSource();
        host.Script.OnEvent = async (e, _, _) =>
        {
            lanes.TryAdd(e.AggregateId, true);
            await goOn.Task;
        };
        await host.AppendAsync(100);
        await host.StartAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(lanes.Count >= 3), "several lanes are in a handler at the same time");
        goOn.SetResult();
        await Eventually.HoldsAsync(() => Task.FromResult(host.Positions("totals") is { Count: 4 } rows && rows.All(position => position == 100)), "every lane reaches the end");
        await host.StopAsync();
    }

    [Test]
    public async Task MaxWorkers_OneMoreThanMayTakePart_StandsByAndTakesOver()
    {
        var database = new InMemoryDatabase();
        HostUnderTest[] hosts = [.. Enumerable.Range(0, 3).Select(_ => Host(database, rs => rs.AddProjection<ScriptedProjection>("totals"), rs => rs.MaxWorkers = 2))];
        foreach (HostUnderTest host in hosts)
        {
            await host.StartAsync();
            await Eventually.HoldsAsync(() => Task.FromResult(host.Said("Assigned partition", "stands by")), "it has a part or stands by");
        }

        Assert.That(hosts[2].Said("stands by"));
        Assert.That(Members(database), Has.Length.EqualTo(2));
        await hosts[0].StopAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(hosts[2].Said("Assigned partition")), "the standby takes over");
        await hosts[1].AppendAsync(20);
        await Eventually.HoldsAsync(() => Task.FromResult(hosts[1].Positions("totals") is { Count: 2 } rows && rows.All(position => position == 20)), "both halves are at the end");
        foreach (HostUnderTest host in hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    [Test]
    public async Task ProjectionLists_Differ_EachIsSharedByThoseThatHaveIt()
    {
        var database = new InMemoryDatabase();
        using HostUnderTest older = Host(database, rs => rs.AddProjection<ScriptedProjection>("kept").AddProjection<ScriptedProjection>("removed"));
        using HostUnderTest newer = Host(database, rs => rs.AddProjection<ScriptedProjection>("kept").AddProjection<ScriptedProjection>("added"));
        await older.StartAsync();
        await older.AppendAsync(10);
        await newer.StartAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(Owners(database, "added").Length == 1), "the new projection has an owner");

        Assert.That(Owners(database, "kept").Distinct().Count(), Is.EqualTo(2), "both share what both have");
        Assert.That(Owners(database, "removed"), Has.Length.EqualTo(1).And.None.EqualTo(Owners(database, "added").Single()));
        await Eventually.HoldsAsync(() => Task.FromResult(newer.Positions("added") is [10] && newer.Positions("removed") is [10]), "both run");
        await older.StopAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(Owners(database, "removed") is [null]), "nobody can take what only the older has; its position is kept");
        Assert.That(newer.Positions("removed"), Is.EqualTo(new[] { 10L }));
        await Eventually.HoldsAsync(() => Task.FromResult(newer.Said("no worker")), "the leader says so behind the activation");
        await newer.StopAsync();
    }

    private static HostUnderTest Host(InMemoryDatabase database, Action<IReplicaSetBuilder> addProjections, Action<ReplicaSetOptions>? configure = null) =>
        new(addProjections, configure, database);

    private static Guid[] Members(InMemoryDatabase database)
    {
        lock (database.Gate)
        {
            return [.. database.ReplicaSet("main").Find(GenerationState.Active)?.Members ?? []];
        }
    }

    private static Guid?[] Owners(InMemoryDatabase database, string projection)
    {
        lock (database.Gate)
        {
            return [.. database.ReplicaSet("main").InKeyOrder().Select(row => row.Value).Where(row => row.Projection == projection).Select(row => row.WorkerId)];
        }
    }
}
