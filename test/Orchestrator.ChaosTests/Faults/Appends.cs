using Orchestrator.ChaosTests.World;

namespace Orchestrator.ChaosTests.Faults;

/// <summary>An append whose transaction stays open while thousands of others overtake it.</summary>
internal sealed class SlowAppend : IFault
{
    public string Name => "slow-append";

    public async Task<bool> StrikeAsync(ChaosWorld world, Random random)
    {
        await world.CreateClient(random).AppendInTransactionAsync(random.Between(0.5, 5), commit: true);
        return true;
    }
}

/// <summary>The same, and then it is rolled back.</summary>
internal sealed class RolledBackAppend : IFault
{
    public string Name => "rolled-back-append";

    public async Task<bool> StrikeAsync(ChaosWorld world, Random random)
    {
        await world.CreateClient(random).AppendInTransactionAsync(random.Between(0.1, 3), commit: false);
        return true;
    }
}
