using System.Globalization;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Simulation.Scheduling;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>The processes of a deployment: alike, or with a partition each that is set by hand. What is deployed can change while old processes still run.</summary>
internal sealed class Fleet(World world, SimulatedNode server, InMemoryDatabase database, Deployment deployment)
{
    private readonly List<SimulatedProcess> _processes = [];
    private int? _total;

    /// <summary>What ended an agent, if a bug did.</summary>
    public Exception? Bug => _processes.Select(process => process.Bug).FirstOrDefault(bug => bug is not null);

    /// <summary>The processes that can be hit.</summary>
    public SimulatedProcess[] Running => [.. _processes.Where(process => process.Running && !process.Frozen)];

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
        StartEach();
    }

    /// <summary>From now on something else is deployed: another number of partitions, or none set by hand. Who runs already stays as it is, and in the way.</summary>
    public void ChangeTotal()
    {
        _total = world.Chance(0.7) ? world.Random.Next(1, 4) : null;
        world.Say(server, string.Create(CultureInfo.InvariantCulture, $"from now on {_total?.ToString(CultureInfo.InvariantCulture) ?? "no"} partitions are set by hand"));
    }

    /// <summary>Starts one more; with partitions that are set by hand perhaps a second one of the same.</summary>
    public void StartOne() => Start(_total is { } total ? new StaticPartition(world.Random.Next(total), total) : null);

    /// <summary>Nobody is frozen any more, what is not deployed any more stops, and everything that must run does.</summary>
    public void MakePeace()
    {
        _processes.ForEach(process => process.Thaw());
        foreach (SimulatedProcess outdated in Running.Where(process => process.Partition?.Total != _total))
        {
            outdated.Stop();
        }

        StartEach();
    }

    private void StartEach()
    {
        for (int key = 0; key < (_total ?? 1); key++)
        {
            Start(_total is { } total ? new StaticPartition(key, total) : null);
        }
    }

    private void Start(StaticPartition? partition)
    {
        var process = new SimulatedProcess(world, server, database, deployment, new ProcessPlan($"process{_processes.Count + 1}", partition));
        _processes.Add(process);
        process.Start();
    }
}
