using System.Globalization;
using Orchestrator.Events;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Simulation.Scheduling;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>
/// One simulated deployment, from a seed: processes that run the production agent, an appender, and faults at random moments; then peace, in which everything must be applied within a bound.
/// </summary>
internal sealed class Scenario
{
    private const int Events = 150;

    private static readonly TimeSpan s_troubled = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_peaceful = TimeSpan.FromSeconds(30);

    private readonly World _world;
    private readonly SimulatedNode _server;
    private readonly InMemoryDatabase _database = new();
    private readonly InMemoryEventStore _store;
    private readonly InMemoryReplicaSet _replicaSet;
    private readonly Invariants _invariants;
    private readonly Fleet _fleet;
    private readonly bool _byHand;
    private int _appended;
    private int _wanted;
    private long _notification;

    private Scenario(int seed, bool byHand, Action<string>? trace)
    {
        _world = new World(seed) { Trace = trace };
        _server = new SimulatedNode(_world, "server");
        _store = new InMemoryEventStore(_database, _server.Time);
        _replicaSet = _database.ReplicaSet("main");
        _invariants = new Invariants(_database, _replicaSet);
        _fleet = new Fleet(_world, _server, _database, new Deployment(_world, _invariants.OnApplied));
        _byHand = byHand;
    }

    /// <summary>Runs a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="byHand">Whether the processes have partitions that are set by hand, of which there can be others later; else they share the log by generations.</param>
    /// <param name="trace">Hears of everything worth telling.</param>
    public static Verdict Run(int seed, bool byHand, Action<string>? trace = null) => new Scenario(seed, byHand, trace).Run();

    private bool Done => _appended == Events && _invariants.Applied == _wanted;

    private Verdict Run()
    {
        if (_byHand)
        {
            _fleet.StartByHand();
        }
        else
        {
            _fleet.StartAlike();
        }

        _world.At(_server, _world.Between(0, 100), Append);
        int faults = _world.Random.Next(2, 16);
        for (int i = 0; i < faults; i++)
        {
            _world.At(_server, _world.Random.NextDouble() * s_troubled, CauseFault);
        }

        if (_byHand && _world.Chance(0.5))
        {
            _world.At(_server, _world.Random.NextDouble() * s_troubled, _fleet.ChangeTotal);
        }

        _world.At(_server, s_troubled, _fleet.MakePeace);
        while (_invariants.Violations.Count == 0 && _world.Now < (s_troubled + s_peaceful).Ticks && (_world.Now < s_troubled.Ticks || !Done) && _world.Step())
        {
            Check();
        }

        if (_invariants.Violations.Count == 0 && !Done)
        {
            _invariants.Violations.Add($"Only {_invariants.Applied} of {_wanted} events were applied {s_peaceful} after the last fault.");
        }

        return new Verdict(_world.Steps, _invariants.Applied, _replicaSet.Generations.Count, faults, _invariants.Violations);
    }

    private void Check()
    {
        if (_replicaSet.Notifications.Value != _notification)
        {
            _notification = _replicaSet.Notifications.Value;
            _invariants.CheckRows();
        }

        if (_fleet.Bug is { } bug)
        {
            _invariants.Violations.Add($"An agent ended with {bug}");
        }
    }

    private void Append()
    {
        int count = Math.Min(_world.Random.Next(1, 6), Events - _appended);
        string aggregate = string.Create(CultureInfo.InvariantCulture, $"aggregate-{_world.Random.Next(12)}");
        EventData[] events = [.. Enumerable.Range(_appended, count).Select(number => new EventData(_world.Chance(0.4) ? "Odd" : "Even", ReadOnlyMemory<byte>.Empty))];
        _ = _store.AppendAsync("Thing", aggregate, ExpectedVersion.Any, events);
        _appended += count;
        _wanted += events.Sum(e => e.EventType == "Odd" ? 2 : 1);
        if (_appended < Events)
        {
            _world.At(_server, _world.Between(1, 100), Append);
        }
    }

    private void CauseFault()
    {
        SimulatedProcess[] running = _fleet.Running;
        if (running.Length == 0)
        {
            _fleet.StartOne();
            return;
        }

        SimulatedProcess victim = running[_world.Random.Next(running.Length)];
        switch (_world.Random.Next(9))
        {
            case 0:
                victim.Crash();
                break;
            case 1:
                victim.Freeze(_world.Between(50, 2_000));
                break;
            case 2:
            case 3:
                victim.LoseNextReply();
                break;
            case 4:
            case 5:
                victim.LoseNextRequest();
                break;
            case 6:
                victim.LoseControlSession();
                break;
            case 7:
                victim.Stop();
                break;
            default:
                _fleet.StartOne();
                break;
        }
    }
}
