using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Events;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Projections;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>The strategy Rolling in whole hosts.</summary>
internal sealed class RollingTests : ProjectionHostFixture
{
    // A second row for an event would violate the key, and the projection would stop.
    protected override string CreateTables =>
        "CREATE TABLE applied (replica_set text, projection text, position bigint, worker uuid NOT NULL, PRIMARY KEY (replica_set, projection, position))";

    [TestCase(1)]
    [TestCase(3)]
    public async Task Run_WorkersJoinAndLeaveWhileEventsAreAppended_AppliesEachEventOnceAndStopsNobody(int lanes)
    {
        string type = "Rolled" + lanes;
        HostLog[] logs = [new(), new(), new()];
        IHost[] hosts = [.. logs.Select(log => Host(log, type, rs => rs.Lanes = lanes))];
        var wanted = 0;
        foreach ((IHost host, HostLog log) in hosts.Zip(logs))
        {
            await host.StartAsync();
            wanted += await AppendSomeAsync(host, type);
            await Eventually.HoldsAsync(() => Task.FromResult(log.With(1105).Count > 0), "it has its part");
            wanted += await AppendSomeAsync(host, type);
        }

        await Eventually.HoldsAsync(async () => await OwnersAsync() == 3, "all three own rows");
        await hosts[0].StopAsync();
        wanted += await AppendSomeAsync(hosts[1], type);
        await Eventually.HoldsAsync(async () => await AppliedAsync() == wanted && await OwnersAsync() == 2, "everything is applied by the two that are left");
        await hosts[1].StopAsync();
        await hosts[2].StopAsync();

        Assert.That(logs.SelectMany(log => log.With(1104)), Is.Empty, "nobody was stopped for a generation");
        Assert.That(await ReadAsync<long>($"SELECT count(DISTINCT worker) FROM applied WHERE replica_set = '{ReplicaSet}'"), Is.EqualTo(3));
        Assert.That(
            await ReadAsync<long>($"SELECT sum(slot_to - slot_from)::bigint FROM projection_checkpoints WHERE replica_set = '{ReplicaSet}'"), Is.EqualTo(32_768), "every slot once");
        foreach (IHost host in hosts)
        {
            host.Dispose();
        }
    }

    [Test]
    public async Task Run_AHandlerTakesLong_OtherRowsChangeHandsMeanwhileAndItsOwnRunOnUntilTheirBatchIsThrough()
    {
        var gate = new Gate();
        using IHost first = Host(new HostLog(), "Slow", rs => rs.AddProjection<Waiting>("waiting", p => p.AggregateTypes.Add("Slow")), gate);
        using IHost second = Host(new HostLog(), "Slow", rs => rs.AddProjection<Waiting>("waiting", p => p.AggregateTypes.Add("Slow")), gate);
        await first.StartAsync();
        await AppendSomeAsync(first, "Slow");
        await gate.Reached.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await second.StartAsync();
        await Eventually.HoldsAsync(async () => await OwnersAsync("rows") == 2, "what is free is shared by now");

        Assert.That(await OwnersAsync("waiting"), Is.EqualTo(1), "its batch is in hand");
        long before = await AppliedAsync();
        await AppendSomeAsync(second, "Slow");
        await Eventually.HoldsAsync(async () => await AppliedAsync() == before + 20, "the other projection runs on, on both");

        gate.Open.SetResult();
        await Eventually.HoldsAsync(async () => await OwnersAsync("waiting") == 2, "now it is shared too");
        await first.StopAsync();
        await second.StopAsync();
    }

    private IHost Host(HostLog log, string type, Action<ReplicaSetOptions> configure) => CreateHost(log, rs => rs.AddProjection<Rows>("rows", p => p.AggregateTypes.Add(type)), configure: rs =>
    {
        rs.Strategy = RebalanceStrategy.Rolling;
        configure(rs);
    });

    private IHost Host(HostLog log, string type, Action<IReplicaSetBuilder> addProjections, Gate gate) => CreateHost(
        log,
        rs => addProjections(rs.AddProjection<Rows>("rows", p => p.AggregateTypes.Add(type))),
        services => services.AddSingleton(gate),
        rs => rs.Strategy = RebalanceStrategy.Rolling);

    private static async Task<int> AppendSomeAsync(IHost host, string type)
    {
        IEventStore store = host.Services.GetRequiredService<IEventStore>();
        for (int i = 0; i < 20; i++)
        {
            await store.AppendAsync(type, Guid.NewGuid().ToString("N"), ExpectedVersion.NoStream, [new EventData("Happened", "{}"u8.ToArray())]);
        }

        return 20;
    }

    private Task<long> AppliedAsync() => ReadAsync<long>($"SELECT count(*) FROM applied WHERE replica_set = '{ReplicaSet}'");

    private Task<long> OwnersAsync(string projection = "rows") =>
        ReadAsync<long>($"SELECT count(DISTINCT worker_id) FROM projection_checkpoints WHERE replica_set = '{ReplicaSet}' AND projection_name = '{projection}'");

    private sealed class Rows : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.Enqueue("INSERT INTO applied VALUES ($1, $2, $3, $4)", context.ReplicaSet, context.Projection, e.GlobalPosition, context.WorkerId);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Waiting(Gate gate) : IProjection
    {
        public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            gate.Reached.TrySetResult();
            await gate.Open.Task.WaitAsync(cancellationToken);
        }
    }

    private sealed class Gate
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
