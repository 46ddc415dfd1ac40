using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Processing;
using Orchestrator.Hosting.ReplicaSets;
using Orchestrator.Hosting.Threading;
using Orchestrator.Simulation.Scheduling;
using Orchestrator.Simulation.Stores;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>One process of the simulated deployment: the production agent on simulated surroundings.</summary>
internal sealed class SimulatedProcess
{
    private readonly CancellationTokenSource _stop = new();
    private readonly World _world;
    private readonly SimulatedNode _server;
    private readonly SimulatedNode _node;
    private readonly SimulatedNetwork _network;
    private readonly ServerSessions _sessions = new();
    private bool _gone;

    public SimulatedProcess(World world, SimulatedNode server, Invariants invariants, InMemoryDatabase database, Deployment deployment, ProcessPlan plan)
    {
        Partition = plan.Partition;
        _world = world;
        _server = server;
        _node = new SimulatedNode(world, plan.Name, plan.ClockRate, plan.ClockWrongBy);
        _network = new SimulatedNetwork(world, _node, server);
        ReplicaSetOptions options = deployment.OptionsOf(plan.Partition);
        ICheckpointStore checkpoints = new SimulatedCheckpointStore(new InMemoryCheckpointStore(database), _network, _sessions);
        var stores = new ProviderStores(
            new SimulatedMembershipStore(new InMemoryMembershipStore(database, server.Time), _network, _sessions, invariants.Removals, options.StaleWorkerTimeout),
            checkpoints,
            new SimulatedEventLog(invariants.Log, _network, () => GreatestCheckpoint(database, deployment.ReplicaSet)),
            new SimulatedErrorClassifier());
        var environment = new ExecutionEnvironment(_node.Time, world.Random, NewId, new HeartbeatOnNode(_node.Time));
        var loggers = new TraceLoggerFactory(world, _node);
        var runners = new ProjectionRunnerFactory(plan.Projections, checkpoints, stores.Errors, deployment.Scopes, environment, loggers);
        Agent = new ReplicaSetAgent(ReplicaSetDefinition.Fixed(deployment.ReplicaSet, options), stores, runners, new ProcessIdentity(plan.Name, 1, "1"), environment, new ReplicaSetStatus(deployment.ReplicaSet), loggers);
    }

    /// <summary>The partition that is set by hand, if one is.</summary>
    public StaticPartition? Partition { get; }

    public bool Running { get; private set; }

    public bool Frozen => _node.Frozen;

    /// <summary>What ended the agent, if it was a bug.</summary>
    public Exception? Bug { get; private set; }

    private ReplicaSetAgent Agent { get; }

    public void Start()
    {
        Running = true;
        _world.Say(_node, "starts");
        _node.Start(() => Agent.RunAsync(_stop.Token), Ended);
    }

    public void Stop()
    {
        _world.Say(_node, "is asked to stop");
        _node.Post(_ => _stop.Cancel(), null);
    }

    /// <summary>Stops; if it has frozen for ever, the server loses patience.</summary>
    public void End()
    {
        Stop();
        if (_gone)
        {
            _sessions.Close();
        }
    }

    public void Crash()
    {
        _world.Say(_node, "crashes");
        Running = false;
        _node.Crash();
        _world.At(_server, _world.Between(2, 9), _sessions.Close);
    }

    /// <summary>Crashes instead of one of the callbacks to come, so at any await of whatever it is doing.</summary>
    public void CrashBetweenAwaits(int callbacks)
    {
        _node.InsteadOfCallback(callbacks, () =>
        {
            if (Running)
            {
                Crash();
            }
        });
    }

    public void Freeze(TimeSpan duration)
    {
        _world.Say(_node, $"freezes for {duration.TotalMilliseconds:0} ms");
        _node.Freeze();
        _world.At(_server, duration, Thaw);
    }

    /// <summary>Freezes and never wakes, as a machine that has lost its network does to the server: what it has open stays open.</summary>
    public void FreezeForever()
    {
        _world.Say(_node, "freezes for ever");
        _node.Freeze();
        _gone = true;
        Running = false;
    }

    public void LoseNextReply(bool andTheNextRequest) => _network.LoseNextReply(andTheNextRequest);

    public void LoseNextRequest() => _network.LoseNextRequest();

    public void SlowDown(TimeSpan duration, double milliseconds)
    {
        _world.Say(_node, $"has a slow network for {duration.TotalMilliseconds:0} ms, up to {milliseconds:0} ms a message");
        _network.SlowDown(duration, milliseconds);
    }

    public void SetWallClock(TimeSpan by)
    {
        _world.Say(_node, $"finds its clock set by {by}");
        _node.Time.SetWallClock(by);
    }

    public void LoseControlSession()
    {
        _world.Say(_node, "loses its control session");
        _sessions.EndControl();
    }

    public void LoseConnections()
    {
        _sessions.EndAll();
        _network.LoseConnections();
    }

    public void Thaw()
    {
        if (_node.Frozen && !_node.Crashed && !_gone)
        {
            _world.Say(_node, "wakes");
            _node.Thaw();
        }
    }

    private void Ended(Exception? exception)
    {
        _world.Say(_node, exception is null ? "has ended" : $"died of {exception}");
        Running = false;
        Bug = exception;
        _sessions.Close();
    }

    private static long GreatestCheckpoint(InMemoryDatabase database, string replicaSet) =>
        database.ReplicaSet(replicaSet).Checkpoints.Select(row => row.Value.Position).DefaultIfEmpty().Max();

    private Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _world.Random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private sealed class HeartbeatOnNode(TimeProvider time) : IHeartbeatThread
    {
        public Task RunAsync(string name, Func<HeartbeatWait, Task> loop) => loop((delay, token) => new ValueTask(Interruptible.DelayAsync(delay, time, token)));
    }
}
