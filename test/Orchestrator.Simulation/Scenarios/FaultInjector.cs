using Orchestrator.Simulation.Scheduling;
using Orchestrator.Simulation.Stores;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>Causes faults, one at a time, at random; and keeps count of what may make the workers reconfigure.</summary>
internal sealed class FaultInjector(World world, SimulatedNode server, SimulatedLog log, Fleet fleet)
{
    /// <summary>How many faults have been caused.</summary>
    public int Count { get; private set; }

    /// <summary>How many workers may have come or gone by them.</summary>
    public int Changes { get; private set; }

    public void Cause()
    {
        Count++;
        SimulatedProcess[] running = fleet.Running;
        if (running.Length == 0)
        {
            fleet.StartOne();
            return;
        }

        Strike(running[world.Random.Next(running.Length)]);
    }

    private void Strike(SimulatedProcess victim)
    {
        switch (world.Random.Next(17))
        {
            case 0:
            case 1:
                Changed(2);
                victim.CrashBetweenAwaits(world.Random.Next(30));
                break;
            case 2:
            case 3:
                Changed(2);
                victim.Freeze(world.Between(50, 2_000));
                break;
            case 4:
                Changed(2);
                victim.FreezeForever();
                break;
            case 5:
            case 6:
                Changed(4);
                victim.LoseNextReply(andTheNextRequest: world.Chance(0.5));
                break;
            case 7:
            case 8:
                Changed(2);
                victim.LoseNextRequest();
                break;
            case 9:
                Changed(2);
                victim.LoseControlSession();
                break;
            case 10:
                Changed(1);
                victim.Stop();
                break;
            case 11:
            case 12:
            case 13:
                Changed(4);
                victim.SlowDown(world.Between(100, 2_000), world.Between(50, 1_500).TotalMilliseconds);
                break;
            case 14:
                Changed(2 * fleet.Count);
                CrashServer();
                break;
            default:
                fleet.StartOne();
                break;
        }
    }

    private void Changed(int workers) => Changes += workers;

    // Down for no time at all: what matters is that every session and every open transaction is gone, and that positions which nobody has seen are given again.
    private void CrashServer()
    {
        world.Say(server, "crashes, and is back");
        log.Crash(world.Random.NextInt64(log.LastVisible, log.LastValue + 1));
        fleet.LoseConnections();
    }
}
