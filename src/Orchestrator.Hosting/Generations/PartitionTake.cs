using System.Collections.Immutable;

namespace Orchestrator.Hosting.Generations;

/// <summary>What came of the try to take a partition that is set by hand.</summary>
internal abstract record PartitionTake
{
    private PartitionTake()
    {
    }

    /// <summary>The worker owns it.</summary>
    /// <param name="GenerationId">The stamp: a generation of this worker alone.</param>
    /// <param name="Missing">The projections that have checkpoints in the partition's share, and that this worker does not have. They stand still there.</param>
    public sealed record Taken(long GenerationId, ImmutableArray<string> Missing) : PartitionTake
    {
        /// <summary>Reads it from the rows that were written.</summary>
        public static Taken Of(long generationId, SlotRange share, IEnumerable<(string Projection, SlotRange Slots, Guid? Owner)> rows) =>
            new(generationId, [.. rows.Where(row => row.Owner is null && share.Contains(row.Slots)).Select(row => row.Projection).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Somebody else is in the way.</summary>
    /// <param name="Cause">Who, and the way out; as one or more sentences.</param>
    public sealed record Refused(string Cause) : PartitionTake;
}
