using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>
/// Whole hosts that reach the server through a real PgBouncer in transaction mode alone, by one connection string. To the server a proxy is the process that comes through it: to kill or freeze a host, its
/// proxy is killed or frozen.
/// </summary>
public sealed class ReducedModeTests : HostFixture
{
    internal const int Said = 5004;
    private const int SessionEnded = 5003;
    private const int ProjectionStopped = 2004;

    protected override bool NeedsOwnDatabase => true;

    [Test]
    public async Task Hosts_ThroughTheProxyAlone_ApplyEachEventOnceAndTakeOverAtOnceWhenOneStops()
    {
        await using PgBouncer proxy = await PgBouncer.StartAsync(ConnectionString, PgBouncer.Transactions, "default_pool_size = 6");
        using HostUnderTest first = CreateHost(proxy.ConnectionString);
        using HostUnderTest second = CreateHost(proxy.ConnectionString);
        await first.StartAsync();
        await second.StartAsync();
        await MembersAsync(2);
        await AppendAsync(first, "a");
        await AppendAsync(second, "b");
        await first.ReadyAsync();
        await second.ReadyAsync();

        // A standing heartbeat counts for nothing for ten minutes here.
        await first.StopAsync();
        await MembersAsync(1);
        await AppendAsync(second, "c");
        await SeenAsync();
        await second.StopAsync();

        Assert.That(await CountAsync("seen"), Is.EqualTo(90), "each at most once: the table's key forbids more");
        Assert.That(await CountAsync("orchestrator_workers"), Is.Zero);
        Assert.That(await CountAsync("pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory' AND datname = current_database()"), Is.Zero, "no lock is left with a session of the proxy's");
        foreach (HostUnderTest host in new[] { first, second })
        {
            Assert.That(host.Log.With(Said), Has.Count.EqualTo(1));
            Assert.That(host.Log.With(Said)[0].Message, Does.Contain("reduced mode").And.Contain("Set Orchestrator:PostgreSql:CoordinationConnectionString").IgnoreCase);
            Assert.That(host.Errors, Is.Empty);
        }
    }

    [Test]
    public async Task Hosts_OneIsKilled_TheOtherTakesOverWhenItsHeartbeatHasStoodStill()
    {
        await using PgBouncer doomed = await PgBouncer.StartAsync(ConnectionString, PgBouncer.Transactions);
        await using PgBouncer proxy = await PgBouncer.StartAsync(ConnectionString, PgBouncer.Transactions);
        using HostUnderTest first = CreateHost(doomed.ConnectionString, Impatient);
        using HostUnderTest second = CreateHost(proxy.ConnectionString, Impatient);
        await first.StartAsync();
        await MembersAsync(1);
        await second.StartAsync();
        await MembersAsync(2);
        await AppendAsync(second, "a");

        await doomed.KillAsync();
        await AppendAsync(second, "b");
        await MembersAsync(1);
        await SeenAsync();

        Assert.That(await CountAsync("seen"), Is.EqualTo(60));
        Assert.That(await CountAsync("orchestrator_workers"), Is.EqualTo(1));
    }

    [Test]
    public async Task Hosts_OneIsFrozenInTheMiddleOfABatch_ItsTransactionIsEndedAndItJoinsAgainWhenItThaws()
    {
        await using PgBouncer frozen = await PgBouncer.StartAsync(ConnectionString, PgBouncer.Transactions);
        await using PgBouncer proxy = await PgBouncer.StartAsync(ConnectionString, PgBouncer.Transactions);
        var gate = new HandlerGate();
        using HostUnderTest first = CreateHost(frozen.ConnectionString, Impatient, gate);
        using HostUnderTest second = CreateHost(proxy.ConnectionString, Impatient);
        await first.StartAsync();
        await AppendAsync(first, "a");
        await gate.Reached;

        await frozen.FreezeAsync();
        await second.StartAsync();
        await SeenAsync();
        Assert.That(second.Log.With(SessionEnded), Is.Not.Empty, "its transaction held the checkpoint");

        await frozen.ThawAsync();
        gate.Open();
        await MembersAsync(2);
        await AppendAsync(first, "b");
        await SeenAsync();
        await first.StopAsync();
        await second.StopAsync();

        Assert.That(await CountAsync("seen"), Is.EqualTo(60));
        Assert.That(first.Log.With(ProjectionStopped).Concat(second.Log.With(ProjectionStopped)), Is.Empty);
    }

    [Test]
    public async Task Hosts_OneBehindTheProxyAndOneNot_AgreeAndTakeOverFromEachOther()
    {
        await using PgBouncer proxy = await PgBouncer.StartAsync(ConnectionString, PgBouncer.Transactions);
        using HostUnderTest proxied = CreateHost(proxy.ConnectionString);
        using HostUnderTest direct = CreateHost(ConnectionString);
        await proxied.StartAsync();
        await MembersAsync(1);
        await direct.StartAsync();
        await MembersAsync(2);
        await AppendAsync(proxied, "a");
        await SeenAsync();
        Assert.That(await CountAsync("orchestrator_replica_sets s JOIN orchestrator_workers w ON w.worker_id = s.leader_id WHERE session_pid <> 0"), Is.EqualTo(1), "who holds the lock leads");
        Assert.That(await CountAsync("orchestrator_generations"), Is.EqualTo(2), "nobody took the other for dead");

        await direct.StopAsync();
        await MembersAsync(1);
        await AppendAsync(proxied, "b");
        await SeenAsync();
        using HostUnderTest next = CreateHost(ConnectionString);
        await next.StartAsync();
        await MembersAsync(2);
        await proxied.StopAsync();
        await MembersAsync(1);
        await AppendAsync(next, "c");
        await SeenAsync();
        await next.StopAsync();

        Assert.That(await CountAsync("seen"), Is.EqualTo(90));
        Assert.That(direct.Log.With(Said).Concat(next.Log.With(Said)), Is.Empty);
    }

    [Test]
    public async Task Start_ControlConnectionLost_JoinsAgainLongBeforeItsHeartbeatIsOld()
    {
        await using PgBouncer proxy = await PgBouncer.StartAsync(ConnectionString, PgBouncer.Transactions, "default_pool_size = 6");
        using HostUnderTest host = CreateHost(proxy.ConnectionString);
        await host.StartAsync();
        await MembersAsync(1);
        const string registered = "orchestrator_workers WHERE worker_id = (SELECT leader_id FROM orchestrator_replica_sets)";
        await ExecuteAsync($"CREATE TABLE before AS SELECT worker_id FROM {registered}");

        // Whatever it asks next fails, and with the connection its worker's id is spent.
        await ExecuteAsync("ALTER TABLE orchestrator_replica_sets RENAME TO away");
        await Eventually.HoldsAsync(async () => await CountAsync("orchestrator_workers JOIN before USING (worker_id)") == 0);
        await ExecuteAsync("ALTER TABLE away RENAME TO orchestrator_replica_sets");
        await host.AppendAsync("a", 5);
        await SeenAsync();
        await host.StopAsync();

        Assert.That(await CountAsync("seen"), Is.EqualTo(5));
    }

    private static void Impatient(ReplicaSetOptions set)
    {
        set.StaleWorkerTimeout = TimeSpan.FromSeconds(3);
        set.HeartbeatInterval = TimeSpan.FromMilliseconds(500);
    }

    private static HostUnderTest CreateHost(string connectionString, Action<ReplicaSetOptions>? replicaSet = null, HandlerGate? gate = null) => new(
        connectionString,
        services: services =>
        {
            if (gate is not null)
            {
                services.AddSingleton(gate);
            }
        },
        replicaSet: set =>
        {
            set.PollInterval = TimeSpan.FromMilliseconds(50);
            replicaSet?.Invoke(set);
        });

    private static async Task AppendAsync(HostUnderTest host, string prefix)
    {
        for (int i = 0; i < 30; i++)
        {
            await host.AppendAsync($"{prefix}-{i}", 1);
        }
    }

    private Task MembersAsync(int count) => Eventually.HoldsAsync(
        async () => await CountAsync($"orchestrator_generations WHERE state = 'active' AND total_partitions = {count}") == 1, $"a generation of {count} is active");

    private Task SeenAsync() => Eventually.HoldsAsync(async () => await CountAsync("seen") == await CountAsync("events"), "every event is applied");
}
