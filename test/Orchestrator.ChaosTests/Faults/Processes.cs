using Orchestrator.ChaosTests.World;

namespace Orchestrator.ChaosTests.Faults;

/// <summary>kill -9, and another process some time later.</summary>
internal sealed class Kill : IFault
{
    public string Name => "kill";

    public async Task<bool> StrikeAsync(ChaosWorld world, Random random)
    {
        using Fleet.Taken? taken = world.Fleet.Take(random);
        if (taken is null)
        {
            return false;
        }

        await taken.Slot.KillAsync();
        await random.PauseAsync(0, 2);
        taken.Slot.Start(taken.Slot.IsPooled);
        return true;
    }
}

/// <summary>SIGTERM, and another process some time later.</summary>
internal sealed class Terminate : IFault
{
    public string Name => "terminate";

    public async Task<bool> StrikeAsync(ChaosWorld world, Random random)
    {
        using Fleet.Taken? taken = world.Fleet.Take(random);
        if (taken is null)
        {
            return false;
        }

        await taken.Slot.StopAsync();
        await random.PauseAsync(0, 2);
        taken.Slot.Start(random.Next(3) == 0);
        return true;
    }
}

/// <summary>SIGSTOP and SIGCONT before anybody misses the worker.</summary>
internal sealed class FreezeShortly : IFault
{
    public string Name => "freeze-short";

    public Task<bool> StrikeAsync(ChaosWorld world, Random random) => Freezing.StrikeAsync(world, random, random.Between(0.05, 1.5));
}

/// <summary>SIGSTOP, and SIGCONT when the others have long replaced the worker.</summary>
internal sealed class FreezeLong : IFault
{
    public string Name => "freeze-long";

    public Task<bool> StrikeAsync(ChaosWorld world, Random random) => Freezing.StrikeAsync(world, random, ChaosWorld.Stale + random.Between(0.5, 4));
}

/// <summary>What both ways to freeze have in common.</summary>
file static class Freezing
{
    public static async Task<bool> StrikeAsync(ChaosWorld world, Random random, TimeSpan time)
    {
        using Fleet.Taken? taken = world.Fleet.Take(random);
        if (taken is null)
        {
            return false;
        }

        taken.Slot.Process!.Freeze();
        await Task.Delay(time, TimeProvider.System, CancellationToken.None);
        taken.Slot.Process.Thaw();
        return true;
    }
}

/// <summary>One worker more, for a while.</summary>
internal sealed class JoinAndLeave : IFault
{
    public string Name => "join-and-leave";

    public async Task<bool> StrikeAsync(ChaosWorld world, Random random)
    {
        using Fleet.Taken? taken = world.Fleet.Take(random, static slot => slot.Process is null);
        if (taken is null)
        {
            return false;
        }

        taken.Slot.Start(pooled: random.Next(3) == 0);
        await random.PauseAsync(2, 10);
        await taken.Slot.StopAsync();
        return true;
    }
}
