using System.Globalization;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.Generations;

/// <summary>A partition that is set by hand: nobody else in the replica set may have the same one, and all must be of the same total.</summary>
/// <param name="Key">The partition, from 0.</param>
/// <param name="Total">How many there are.</param>
internal sealed record StaticPartition(int Key, int Total)
{
    /// <summary>The slots that belong to it.</summary>
    public SlotRange Share => SlotRange.OfPartition(Key, Total);

    /// <summary>What the options say, or null: the partition comes from generations.</summary>
    public static StaticPartition? Of(ReplicaSetOptions options) =>
        options is { PartitionKey: { } key, TotalPartitions: { } total } ? new StaticPartition(key, total) : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"partition {Key} of {Total}");
}
