using Orchestrator.ChaosTests.Workers;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.ChaosTests;

/// <summary>What happens to workers whose partitions are set by hand: nobody takes over for them but a process with the same key.</summary>
public sealed class StaticPartitionFaultTests : ChaosFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Kill_StartedAgain_TakesItsPartitionBackNothingLostNothingTwice()
    {
        StartAppending(clients: 4);
        await StartWorkerAsync(Partition(0, of: 2));
        WorkerProcess second = await StartWorkerAsync(Partition(1, of: 2));
        await WaitForProgressAsync(300);
        second.Kill();
        await StartWorkerAsync(Partition(1, of: 2));
        await WaitForProgressAsync(300);
        await FinishAsync();
    }

    [Test]
    public async Task Freeze_LongerThanStale_ReplacedAndFencedAndRefusedWhenItWakes()
    {
        StartAppending(clients: 4);
        await StartWorkerAsync(Partition(0, of: 2));
        WorkerProcess frozen = await StartWorkerAsync(Partition(1, of: 2));
        await WaitForProgressAsync(300);
        WorkerProcess replacement = Launch(Partition(1, of: 2));
        await replacement.WaitForOutputAsync("cannot take partition 1 of 2", Patience);
        frozen.Freeze();
        await replacement.WaitForOutputAsync("Assigned partition", Patience);
        await WaitForProgressAsync(300);
        frozen.Thaw();
        await frozen.WaitForOutputAsync("It registers anew", Patience);
        await frozen.WaitForOutputAsync("cannot take partition 1 of 2", Patience);
        await replacement.StopAsync();
        await FinishAsync();
    }

    [Test]
    public async Task TotalPartitions_TwoThreeAndGenerations_EachEventOnce()
    {
        StartAppending(clients: 4);
        WorkerProcess[] two = [await StartWorkerAsync(Partition(0, of: 2)), await StartWorkerAsync(Partition(1, of: 2))];
        await WaitForProgressAsync(300);
        WorkerProcess[] three = [.. Enumerable.Range(0, 3).Select(key => Launch(Partition(key, of: 3)))];
        await three[0].WaitForOutputAsync("cannot take partition 0 of 3", Patience);
        await Task.WhenAll(two.Select(worker => worker.StopAsync()));
        await Task.WhenAll(three.Select(worker => worker.WaitForOutputAsync("Assigned partition", Patience)));
        await WaitForProgressAsync(300);
        WorkerProcess coordinated = Launch();
        await coordinated.WaitForOutputAsync("forms no generation", Patience);
        await Task.WhenAll(three.Select(worker => worker.StopAsync()));
        await coordinated.WaitForOutputAsync("Assigned partition", Patience);
        await WaitForProgressAsync(300);
        await FinishAsync();
    }

    private static string[] Partition(int key, int of) =>
        [WorkerHost.Setting(nameof(ReplicaSetOptions.PartitionKey), key), WorkerHost.Setting(nameof(ReplicaSetOptions.TotalPartitions), of)];
}
