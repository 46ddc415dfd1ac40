using Orchestrator.Hosting.Generations;

namespace Orchestrator.Tests.Generations;

internal sealed class PartitionHolderTests
{
    private static readonly Guid Worker = Guid.Parse("00000000-0000-0000-0000-00000000000a");

    [TestCase(null, "worker 00000000-0000-0000-0000-00000000000a (process 42 on pod-1) takes part", "remove PartitionKey and TotalPartitions")]
    [TestCase("1 of 3", "(process 42 on pod-1) has it", "a key of its own")]
    [TestCase("1 of 4", "(process 42 on pod-1) has partition 1 of 4", "stop every worker that has the old number")]
    public void Refusal_SomebodyIsInTheWay_NamesTheWorkerAndTheWayOut(string? held, string who, string wayOut)
    {
        string[] parts = held?.Split(" of ") ?? [];
        StaticPartition? partition = parts is [var key, var total] ? new StaticPartition(int.Parse(key, null), int.Parse(total, null)) : null;

        string? refusal = PartitionHolder.Refusal(new StaticPartition(1, 3), [new PartitionHolder(Worker, "pod-1", 42, partition)]);

        Assert.That(refusal, Does.Contain(who).And.Contain(wayOut).And.EndWith("."));
    }

    [Test]
    public void Refusal_OthersHaveOtherKeysOfTheSameTotal_IsNull() =>
        Assert.That(PartitionHolder.Refusal(new StaticPartition(1, 3), [new PartitionHolder(Worker, "pod-1", 42, new StaticPartition(0, 3))]), Is.Null);
}
