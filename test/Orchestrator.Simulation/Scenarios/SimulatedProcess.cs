using Orchestrator.Hosting.Checkpoints;
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

    public SimulatedProcess(World world, SimulatedNode server, InMemoryDatabase database, Deployment deployment, ProcessPlan plan)
    {
        Partition = plan.Partition;
        _world = world;
        _server = server;
        _node = new SimulatedNode(world, plan.Name);
        _network = new SimulatedNetwork(world, _node, server);
        ICheckpointStore checkpoints = new SimulatedCheckpointStore(new InMemoryCheckpointStore(database), _network, _sessions);
        var stores = new ProviderStores(
            new SimulatedMembershipStore(new InMemoryMembershipStore(database, server.Time), _network, _sessions),
            checkpoints,
            new SimulatedEventLog(new InMemoryEventLog(database, server.Time), _network),
            new SimulatedErrorClassifier());
        var environment = new ExecutionEnvironment(_node.Time, world.Random, NewId, new HeartbeatOnNode(_node.Time));
        var loggers = new TraceLoggerFactory(world, _node);
        var runners = new ProjectionRunnerFactory(deployment.Projections, checkpoints, stores.Errors, deployment.Scopes, environment, loggers);
        Agent = new ReplicaSetAgent(ReplicaSetDefinition.Fixed(deployment.ReplicaSet, deployment.OptionsOf(plan.Partition)), stores, runners, new ProcessIdentity(plan.Name, 1, "1"), environment, new ReplicaSetStatus(deployment.ReplicaSet), loggers);
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

    public void Crash()
    {
        _world.Say(_node, "crashes");
        Running = false;
        _node.Crash();
        _world.At(_server, _world.Between(2, 9), _sessions.EndAll);
    }

    public void Freeze(TimeSpan duration)
    {
        _world.Say(_node, $"freezes for {duration.TotalMilliseconds:0} ms");
        _node.Freeze();
        _world.At(_server, duration, Thaw);
    }

    public void LoseNextReply() => _network.LoseNextReply();

    public void LoseNextRequest() => _network.LoseNextRequest();

    public void LoseControlSession()
    {
        _world.Say(_node, "loses its control session");
        _sessions.EndControl();
    }

    public void Thaw()
    {
        if (_node.Frozen && !_node.Crashed)
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
        _sessions.EndAll();
    }

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
