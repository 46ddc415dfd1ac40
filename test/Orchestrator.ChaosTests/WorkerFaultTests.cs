using Orchestrator.ChaosTests.Workers;

namespace Orchestrator.ChaosTests;

/// <summary>What happens to workers: they join, leave, are killed, and freeze, while events are appended.</summary>
public sealed class WorkerFaultTests : ChaosFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task JoinAndLeave_WhileAppending_NothingLostNothingTwice()
    {
        StartAppending(clients: 4);
        WorkerProcess first = await StartWorkerAsync();
        await WaitForProgressAsync(300);
        await StartWorkerAsync();
        await WaitForProgressAsync(300);
        await first.StopAsync();
        await WaitForProgressAsync(300);
        await StartWorkerAsync();
        await WaitForProgressAsync(300);
        await FinishAsync();
    }

    [Test]
    public async Task Kill_WhileWorking_OthersTakeOverNothingLostNothingTwice()
    {
        StartAppending(clients: 4);
        WorkerProcess leader = await StartWorkerAsync();
        WorkerProcess second = await StartWorkerAsync();
        await StartWorkerAsync();
        await WaitForProgressAsync(300);
        second.Kill();
        await WaitForProgressAsync(600);
        leader.Kill();
        await WaitForProgressAsync(600);
        await StartWorkerAsync();
        await FinishAsync();
    }

    [Test]
    public async Task Freeze_LongerThanStale_ReplacedAndFencedWhenItWakes()
    {
        StartAppending(clients: 4);
        WorkerProcess leader = await StartWorkerAsync();
        WorkerProcess second = await StartWorkerAsync();
        await StartWorkerAsync();
        await WaitForWorkersAsync(3);
        await WaitForProgressAsync(300);
        foreach (WorkerProcess frozen in new[] { second, leader })
        {
            frozen.Freeze();
            await WaitForWorkersAsync(2);
            await WaitForProgressAsync(600);
            frozen.Thaw();
            await frozen.WaitForOutputAsync("It registers anew", Patience);
            await WaitForWorkersAsync(3);
        }

        await FinishAsync();
    }

    [Test]
    public async Task Rescale_OneTwoThreeOne_EachEventOnce()
    {
        StartAppending(clients: 4);
        await StartWorkerAsync();
        await WaitForProgressAsync(300);
        WorkerProcess second = await StartWorkerAsync();
        await WaitForProgressAsync(300);
        WorkerProcess third = await StartWorkerAsync();
        await WaitForProgressAsync(300);
        await Task.WhenAll(second.StopAsync(), third.StopAsync());
        await WaitForProgressAsync(300);
        await FinishAsync();
    }

    [Test]
    public async Task SlowCommitsAndRollbacks_EightClients_NothingSkipped()
    {
        StartAppending(clients: 8);
        await StartWorkerAsync();
        await StartWorkerAsync();
        await WaitForProgressAsync(4_000);
        await FinishAsync();
    }
}
