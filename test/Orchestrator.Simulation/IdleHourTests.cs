using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Simulation.Scenarios;
using Orchestrator.Simulation.Scheduling;

namespace Orchestrator.Simulation;

/// <summary>Workers that nothing happens to are left alone.</summary>
internal sealed class IdleHourTests
{
    // With the default options, on clocks that drift by up to two in a hundred; halfway each wall clock is set by an hour, forth or back.
    [Test]
    public void Hour_NothingHappensButThatClocksAreSet_FormsNoFurtherGeneration([Values] RebalanceStrategy strategy, [Values(1, 2, 3)] int seed)
    {
        var world = new World(seed);
        var server = new SimulatedNode(world, "server");
        var database = new InMemoryDatabase();
        InMemoryReplicaSet replicaSet = database.ReplicaSet("main");
        var invariants = new Invariants(world, replicaSet) { AllHaveAll = true, MayRoll = strategy == RebalanceStrategy.Rolling };
        var deployment = new Deployment(world, invariants.OnApplied, static () => new ReplicaSetOptions()) { Strategy = strategy };
        SimulatedProcess[] processes = [.. Enumerable.Range(1, 4).Select(number => new SimulatedProcess(
            world, server, invariants, database, deployment, new ProcessPlan($"process{number}", null, deployment.ProjectionsOf(last: true), 0.98 + (0.01 * number), TimeSpan.Zero)))];
        foreach (SimulatedProcess process in processes)
        {
            process.Start();
            world.At(server, TimeSpan.FromMinutes(31), () => process.SetWallClock(world.Chance(0.5) ? TimeSpan.FromHours(1) : TimeSpan.FromHours(-1)));
        }

        RunUntil(world, TimeSpan.FromMinutes(1));
        int generations = replicaSet.Generations.Count;
        Guid[] workers = [.. replicaSet.Workers.Select(worker => worker.Registration.WorkerId)];
        RunUntil(world, TimeSpan.FromMinutes(61));

        Assert.That(workers, Has.Length.EqualTo(4));
        Assert.That(replicaSet.Generations, Has.Count.EqualTo(generations));
        Assert.That(replicaSet.Workers.Select(worker => worker.Registration.WorkerId), Is.EqualTo(workers), "and nobody had to register anew");
        Assert.That(invariants.Violations, Is.Empty);
    }

    private static void RunUntil(World world, TimeSpan time)
    {
        while (world.Now < time.Ticks && world.Step())
        {
        }
    }
}
