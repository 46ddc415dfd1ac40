using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Simulation.Scheduling;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>
/// One simulated deployment, from a seed: processes that run the production agent, an application that appends, and faults at random moments; then peace, in which everything must be applied within a
/// bound; then the end, behind which nothing may be left.
/// </summary>
internal sealed class Scenario
{
    private static readonly TimeSpan s_peaceful = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(10);

    private readonly World _world;
    private readonly SimulatedNode _server;
    private readonly InMemoryDatabase _database = new();
    private readonly InMemoryReplicaSet _replicaSet;
    private readonly Invariants _invariants;
    private readonly Fleet _fleet;
    private readonly Appender _appender;
    private readonly FaultInjector _faults;
    private readonly SeedSize _size;
    private readonly bool _byHand;
    private long _notification;

    private Scenario(int seed, RebalanceStrategy? strategy, Action<string>? trace)
    {
        _world = new World(seed) { Trace = trace };
        _server = new SimulatedNode(_world, "server");
        _replicaSet = _database.ReplicaSet("main");
        _size = SeedSize.Of(_world);
        bool rolling = _world.Chance(0.3);
        RebalanceStrategy? chosen = strategy ?? (_world.Chance(0.4) ? RebalanceStrategy.Rolling : _world.Chance(0.8) ? RebalanceStrategy.Recreate : null);
        _invariants = new Invariants(_world, _replicaSet) { AllHaveAll = !rolling, MayRoll = chosen != RebalanceStrategy.Recreate };
        _fleet = new Fleet(_world, _server, _invariants, _database, new Deployment(_world, _invariants.OnApplied, SeedOptions.Of(_world, _size)) { IsRolling = rolling, Strategy = chosen });
        _appender = new Appender(_world, _server, _invariants.Log, _size.Events);
        _faults = new FaultInjector(_world, _server, _invariants.Log, _fleet, _size.Patience);
        _byHand = _world.Chance(0.25);
    }

    /// <summary>Runs a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="strategy">How the log is divided anew; null: the seed chooses.</param>
    /// <param name="trace">Hears of everything worth telling.</param>
    public static Verdict Run(int seed, RebalanceStrategy? strategy = null, Action<string>? trace = null) => new Scenario(seed, strategy, trace).Run();

    private List<string> Violations => _invariants.Violations;

    private bool Done => _appender.Done && _invariants.Applied == _invariants.Wanted;

    private Verdict Run()
    {
        if (_byHand)
        {
            _fleet.StartByHand();
            _world.At(_server, _world.Random.NextDouble() * _size.Troubled * 2, ChangeTotal);
        }
        else
        {
            _fleet.StartAlike();
        }

        _appender.Start();
        for (int i = 0; i < _size.Faults; i++)
        {
            _world.At(_server, _world.Random.NextDouble() * _size.Troubled, _faults.Cause);
        }

        _world.At(_server, _size.Troubled, MakePeace);
        RunUntil(_size.Troubled, () => false);
        RunUntil(_size.Troubled + s_peaceful, () => Done);
        if (Violations.Count == 0 && !Done)
        {
            Violations.Add($"Only {_invariants.Applied} of {_invariants.Wanted} events were applied {s_peaceful} after the last fault.");
        }

        CheckChurn();
        RunToEnd();
        return new Verdict(_world.Steps, _invariants.Applied, _replicaSet.Generations.Count, _faults.Count, Violations);
    }

    private void RunUntil(TimeSpan time, Func<bool> condition)
    {
        while (Violations.Count == 0 && _world.Now < time.Ticks && !condition() && _world.Step())
        {
            Check();
        }
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
            Violations.Add($"An agent ended with {bug}");
        }
    }

    // Workers come and go for a cause; a healthy one is left alone.
    private void CheckChurn()
    {
        int causes = _fleet.Count + _faults.Changes;
        if (Violations.Count == 0 && _replicaSet.Generations.Count > (2 * causes) + 3)
        {
            Violations.Add($"{_replicaSet.Generations.Count} generations were formed, for at most {causes} workers that came or went.");
        }
    }

    // Some of the time, for it takes time.
    private void RunToEnd()
    {
        if (!_world.Chance(0.2))
        {
            return;
        }

        _fleet.End();
        RunUntil(TimeSpan.FromTicks(_world.Now) + s_ending, () => _fleet.HasEnded);

        // The server notices within 9 ms that a process is gone.
        RunUntil(TimeSpan.FromTicks(_world.Now) + TimeSpan.FromMilliseconds(20), () => false);
        if (Violations.Count == 0)
        {
            _invariants.CheckLeaks();
        }
    }

    // Half of the time before the peace; behind it, nothing changes any more.
    private void ChangeTotal()
    {
        if (_world.Now < _size.Troubled.Ticks)
        {
            _fleet.ChangeTotal();
        }
    }

    private void MakePeace()
    {
        _appender.Hurry();
        _fleet.MakePeace();
    }
}
