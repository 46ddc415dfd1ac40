using System.Collections.Immutable;

namespace Orchestrator.Hosting.Checkpoints;

/// <summary>A row that is not as it should be.</summary>
/// <param name="Row">The row as it was read; for a projection without rows, one that covers every slot and does not exist yet.</param>
/// <param name="Parts">What is to be in its place: the same slots, at the same position.</param>
internal sealed record RowChange(Checkpoint Row, ImmutableArray<Checkpoint> Parts)
{
    /// <summary>What is to be in the row's place, now that it is locked; empty: it is not the row that was read any more.</summary>
    /// <param name="locked">The row as it is.</param>
    public ImmutableArray<Checkpoint> PartsOf(Checkpoint locked) =>
        locked.Names(Row) && locked.Slots == Row.Slots ? [.. Parts.Select(part => part with { Position = locked.Position })] : [];
}
