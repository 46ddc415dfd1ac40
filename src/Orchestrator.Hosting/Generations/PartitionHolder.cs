using System.Globalization;

namespace Orchestrator.Hosting.Generations;

/// <summary>A registered worker that owns a part of the replica set, or is about to.</summary>
/// <param name="WorkerId">The worker.</param>
/// <param name="HostName">Its machine or pod.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Static">Its partition, if that is set by hand; null for a member of a generation.</param>
internal sealed record PartitionHolder(Guid WorkerId, string HostName, int ProcessId, StaticPartition? Static)
{
    /// <summary>Why a partition cannot be taken beside these holders, and the way out; or null: it can. Pure, and the same with every provider.</summary>
    public static string? Refusal(StaticPartition wanted, IReadOnlyCollection<PartitionHolder> holders)
    {
        if (holders.FirstOrDefault(holder => holder.Static is null) is { } coordinated)
        {
            return $"The replica set is shared by generations, and {coordinated} takes part. Stop every worker without a PartitionKey, or remove PartitionKey and TotalPartitions here.";
        }

        if (holders.FirstOrDefault(holder => holder.Static!.Total != wanted.Total) is { } other)
        {
            return $"The log is divided otherwise: {other} has {other.Static}. TotalPartitions must be the same everywhere; to change it, stop every worker that has the old number.";
        }

        return holders.FirstOrDefault(holder => holder.Static == wanted) is { } same
            ? $"The same PartitionKey is in use: {same} has it. Give each process a key of its own, or stop that one."
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"worker {WorkerId} (process {ProcessId} on {HostName})");
}
