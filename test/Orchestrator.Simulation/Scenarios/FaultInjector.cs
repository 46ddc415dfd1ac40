using Orchestrator.Simulation.Scheduling;
using Orchestrator.Simulation.Stores;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>Causes faults, one at a time, at random; and keeps count of what may make the workers reconfigure. Every other seed has all kinds of faults, the others only some: so these meet each other more often.</summary>
internal sealed class FaultInjector(World world, SimulatedNode server, SimulatedLog log, Fleet fleet, double patience)
{
    private readonly FaultKind[] _mix = MixOf(world);

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

    // What stands there twice strikes twice as often.
    private static FaultKind[] MixOf(World world)
    {
        FaultKind[] all =
        [
            FaultKind.Crash, FaultKind.Crash, FaultKind.Freeze, FaultKind.Freeze, FaultKind.FreezeForever, FaultKind.LoseReply, FaultKind.LoseReply, FaultKind.LoseRequest, FaultKind.LoseRequest,
            FaultKind.LoseControlSession, FaultKind.Stop, FaultKind.SlowNetwork, FaultKind.SlowNetwork, FaultKind.SlowNetwork, FaultKind.CrashServer, FaultKind.Start, FaultKind.Start,
        ];
        if (world.Chance(0.5))
        {
            return all;
        }

        HashSet<FaultKind> chosen = [.. all.Distinct().Where(_ => world.Chance(0.4))];
        return chosen.Count == 0 ? all : [.. all.Where(chosen.Contains)];
    }

    private void Strike(SimulatedProcess victim)
    {
        switch (_mix[world.Random.Next(_mix.Length)])
        {
            case FaultKind.Crash:
                Changed(2);
                victim.CrashBetweenAwaits(world.Random.Next(30));
                break;
            case FaultKind.Freeze:
                Changed(2);
                victim.Freeze(world.Between(50, 2_000) * patience);
                break;
            case FaultKind.FreezeForever:
                Changed(2);
                victim.FreezeForever();
                break;
            case FaultKind.LoseReply:
                Changed(4);
                victim.LoseNextReply(andTheNextRequest: world.Chance(0.5));
                break;
            case FaultKind.LoseRequest:
                Changed(2);
                victim.LoseNextRequest();
                break;
            case FaultKind.LoseControlSession:
                Changed(2);
                victim.LoseControlSession();
                break;
            case FaultKind.Stop:
                Changed(1);
                victim.Stop();
                break;
            case FaultKind.SlowNetwork:
                Changed(4);
                victim.SlowDown(world.Between(100, 2_000) * patience, (world.Between(50, 1_500) * patience).TotalMilliseconds);
                break;
            case FaultKind.CrashServer:
                Changed(2 * fleet.Count);
                CrashServer();
                break;
            case FaultKind.Start:
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
