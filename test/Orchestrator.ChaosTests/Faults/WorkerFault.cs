using Orchestrator.ChaosTests.World;

namespace Orchestrator.ChaosTests.Faults;

/// <summary>A fault that strikes one worker's place, which no other fault has until it is over.</summary>
internal abstract class WorkerFault : IFault
{
    public abstract string Name { get; }

    public virtual string? WhyNot(ChaosWorld world) => null;

    public async Task<bool> StrikeAsync(ChaosWorld world, Random random)
    {
        using Fleet.Taken? taken = world.Fleet.Take(random, MayStrike);
        return taken is not null && await StrikeAsync(taken.Slot, random);
    }

    /// <summary>Whether a place will do.</summary>
    protected virtual bool MayStrike(WorkerSlot slot) => slot.Process is not null;

    /// <summary>Causes it, and makes good again what does not heal by itself.</summary>
    /// <returns>Whether it has struck.</returns>
    protected abstract Task<bool> StrikeAsync(WorkerSlot slot, Random random);
}
