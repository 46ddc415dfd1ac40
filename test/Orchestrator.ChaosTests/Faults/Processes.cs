using Orchestrator.ChaosTests.World;

namespace Orchestrator.ChaosTests.Faults;

/// <summary>kill -9, and another process some time later.</summary>
internal sealed class Kill : WorkerFault
{
    public override string Name => "kill";

    protected override async Task<bool> StrikeAsync(WorkerSlot slot, Random random)
    {
        await slot.KillAsync();
        await random.PauseAsync(0, 2);
        slot.Start(slot.IsPooled);
        return true;
    }
}

/// <summary>SIGTERM, and another process some time later.</summary>
internal sealed class Terminate : WorkerFault
{
    public override string Name => "terminate";

    protected override async Task<bool> StrikeAsync(WorkerSlot slot, Random random)
    {
        await slot.StopAsync();
        await random.PauseAsync(0, 2);
        slot.Start(random.Next(3) == 0);
        return true;
    }
}

/// <summary>SIGSTOP, and SIGCONT some time later.</summary>
internal sealed class Freeze(string name, Func<Random, TimeSpan> time) : WorkerFault
{
    public override string Name => name;

    /// <summary>Before anybody misses the worker.</summary>
    public static Freeze Shortly { get; } = new("freeze-short", static random => random.Between(0.05, 1.5));

    /// <summary>Until the others have long replaced the worker.</summary>
    public static Freeze Long { get; } = new("freeze-long", static random => ChaosWorld.Stale + random.Between(0.5, 4));

    protected override async Task<bool> StrikeAsync(WorkerSlot slot, Random random)
    {
        slot.Process!.Freeze();
        await Task.Delay(time(random), TimeProvider.System, CancellationToken.None);
        slot.Process.Thaw();
        return true;
    }
}

/// <summary>One worker more, for a while.</summary>
internal sealed class JoinAndLeave : WorkerFault
{
    public override string Name => "join-and-leave";

    protected override bool MayStrike(WorkerSlot slot) => slot.Process is null;

    protected override async Task<bool> StrikeAsync(WorkerSlot slot, Random random)
    {
        slot.Start(pooled: random.Next(3) == 0);
        await random.PauseAsync(2, 10);
        await slot.StopAsync();
        return true;
    }
}
