using System.Globalization;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Simulation.Scheduling;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>The processes of a deployment: alike, or with a partition each that is set by hand. What is deployed can change while old processes still run.</summary>
internal sealed class Fleet(World world, SimulatedNode server, Invariants invariants, InMemoryDatabase database, Deployment deployment)
{
    private readonly List<SimulatedProcess> _processes = [];
    private readonly bool _clocksAreWrong = world.Chance(0.5);
    private int? _total;

    /// <summary>What ended an agent, if a bug did.</summary>
    public Exception? Bug => _processes.Find(process => process.Bug is not null)?.Bug;

    /// <summary>The processes that can be hit.</summary>
    public SimulatedProcess[] Running => [.. _processes.Where(process => process.Running && !process.Frozen)];

    /// <summary>How many processes have been started.</summary>
    public int Count => _processes.Count;

    /// <summary>Whether every process has ended.</summary>
    public bool HasEnded => !_processes.Exists(process => process.Running);

    /// <summary>Starts some processes that share the log by generations.</summary>
    public void StartAlike()
    {
        for (int i = world.Random.Next(1, 4); i > 0; i--)
        {
            StartOne();
        }
    }

    /// <summary>Starts a process for each of some partitions.</summary>
    public void StartByHand()
    {
        _total = world.Random.Next(1, 4);
        StartEach(last: false);
    }

    /// <summary>From now on something else is deployed: another number of partitions, or none set by hand. Some of it starts now; who runs already stays as it is, and in the way.</summary>
    public void ChangeTotal()
    {
        _total = world.Chance(0.5) ? world.Random.Next(1, 4) : null;
        world.Say(server, string.Create(CultureInfo.InvariantCulture, $"from now on {_total?.ToString(CultureInfo.InvariantCulture) ?? "no"} partitions are set by hand"));
        for (int i = world.Random.Next(0, 3); i > 0; i--)
        {
            StartOne();
        }
    }

    /// <summary>Starts one more; with partitions that are set by hand perhaps a second one of the same.</summary>
    public void StartOne() => Start(_total is { } total ? new StaticPartition(world.Random.Next(total), total) : null, last: false);

    /// <summary>The server crashes: every process loses every connection.</summary>
    public void LoseConnections() => _processes.ForEach(process => process.LoseConnections());

    /// <summary>Nobody is frozen any more but those that will always be, what is not deployed any more stops, and everything that must run does.</summary>
    public void MakePeace()
    {
        _processes.ForEach(process => process.Thaw());
        foreach (SimulatedProcess outdated in Running.Where(process => deployment.IsRolling || process.Partition?.Total != _total))
        {
            outdated.Stop();
        }

        StartEach(last: true);
    }

    /// <summary>Every process is asked to stop.</summary>
    public void End() => _processes.ForEach(process => process.End());

    private void StartEach(bool last)
    {
        for (int key = 0; key < (_total ?? 1); key++)
        {
            Start(_total is { } total ? new StaticPartition(key, total) : null, last);
        }
    }

    private void Start(StaticPartition? partition, bool last)
    {
        var plan = new ProcessPlan(
            string.Create(CultureInfo.InvariantCulture, $"process{_processes.Count + 1}"),
            partition,
            deployment.ProjectionsOf(last),
            ClockRate: 0.98 + (0.04 * world.Random.NextDouble()),
            ClockWrongBy: _clocksAreWrong ? TimeSpan.FromHours(world.Random.Next(-1, 2)) : TimeSpan.Zero);
        var process = new SimulatedProcess(world, server, invariants, database, deployment, plan);
        _processes.Add(process);
        process.Start();
    }
}
