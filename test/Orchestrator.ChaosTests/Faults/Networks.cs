using Orchestrator.ChaosTests.Proxy;
using Orchestrator.ChaosTests.World;

namespace Orchestrator.ChaosTests.Faults;

/// <summary>The connections of one worker are cut: one of them, or all.</summary>
internal sealed class CutNetwork : WorkerFault
{
    public override string Name => "network-cut";

    protected override Task<bool> StrikeAsync(WorkerSlot slot, Random random)
    {
        if (random.Next(2) == 0)
        {
            return Task.FromResult(random.OneOf(slot.Networks).CutOne(random));
        }

        int cut = slot.Networks.Sum(network => network.Connections);
        foreach (PostgreSqlProxy network in slot.Networks)
        {
            network.Cut();
        }

        return Task.FromResult(cut > 0);
    }
}

/// <summary>The network of one worker is slow for a while.</summary>
internal sealed class DelayNetwork : WorkerFault
{
    public override string Name => "network-delay";

    protected override async Task<bool> StrikeAsync(WorkerSlot slot, Random random)
    {
        TimeSpan delay = random.Between(0.01, 0.3);
        foreach (PostgreSqlProxy network in slot.Networks)
        {
            network.Weather.Delay = delay;
        }

        await random.PauseAsync(1, 6);
        foreach (PostgreSqlProxy network in slot.Networks)
        {
            network.Weather.Delay = TimeSpan.Zero;
        }

        return true;
    }
}

/// <summary>Nothing arrives any more in one direction, for a short or a long time; then all of it does, or the connections are cut.</summary>
internal sealed class SilenceNetwork : WorkerFault
{
    public override string Name => "network-silent";

    protected override async Task<bool> StrikeAsync(WorkerSlot slot, Random random)
    {
        Direction direction = random.OneOf(Direction.ToServer, Direction.ToClient);
        foreach (PostgreSqlProxy network in slot.Networks)
        {
            network.Weather.BeginSilence(direction);
        }

        await Task.Delay(random.Next(2) == 0 ? random.Between(0.2, 2) : ChaosWorld.Stale + random.Between(0.5, 5), TimeProvider.System, CancellationToken.None);
        bool cut = random.Next(2) == 0;
        foreach (PostgreSqlProxy network in slot.Networks)
        {
            if (cut)
            {
                network.Cut();
            }

            network.Weather.EndSilence(direction);
        }

        return true;
    }
}

/// <summary>The connection of whoever commits next on some network is cut, at one point of the commit: a worker's batch, an activation, or a client's append.</summary>
internal sealed class CutAtCommit(string name, CommitCut where) : IFault
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Name => name;

    public static CutAtCommit BeforeRequest { get; } = new("commit-cut-request", CommitCut.BeforeRequest);

    public static CutAtCommit BeforeAnswer { get; } = new("commit-cut-before-answer", CommitCut.BeforeAnswer);

    public static CutAtCommit AfterAnswer { get; } = new("commit-cut-after-answer", CommitCut.AfterAnswer);

    public async Task<bool> StrikeAsync(ChaosWorld world, Random random)
    {
        if (random.Next(5) == 0)
        {
            return await StrikeAsync(world.AppendersNetwork);
        }

        using Fleet.Taken? taken = world.Fleet.Take(random);
        return taken is not null && await StrikeAsync(random.OneOf(taken.Slot.Networks));
    }

    private async Task<bool> StrikeAsync(PostgreSqlProxy network)
    {
        CommitTrap trap = network.Weather.SetTrap(where);
        try
        {
            await trap.Struck.WaitAsync(Patience, TimeProvider.System);
            return true;
        }
        catch (TimeoutException)
        {
            network.Weather.RemoveTrap();
            return trap.Struck.IsCompleted;
        }
    }
}
