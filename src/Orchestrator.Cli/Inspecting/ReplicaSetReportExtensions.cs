using Orchestrator.Hosting.Inspection;

namespace Orchestrator.Cli.Inspecting;

/// <summary>What follows from a report and is shown more than once.</summary>
internal static class ReplicaSetReportExtensions
{
    /// <summary>The generation in a state, or null.</summary>
    public static GenerationReport? InState(this ReplicaSetReport replicaSet, string state) => replicaSet.Generations.FirstOrDefault(generation => generation.State == state);

    /// <summary>How many partitions the log is divided into; 0: no worker has one.</summary>
    public static int Partitions(this ReplicaSetReport replicaSet) => (replicaSet.InState("active") ?? replicaSet.InState("static"))?.TotalPartitions ?? 0;

    /// <summary>The partition of the worker that has some slots, or null.</summary>
    public static int? PartitionOf(this ReplicaSetReport replicaSet, CheckpointReport part) => replicaSet.Workers.FirstOrDefault(worker => worker.Id == part.WorkerId)?.Partition;
}
