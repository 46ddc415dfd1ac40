using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.Checkpoints;

/// <summary>The last position that a projection has applied for a range of slots, and who may move it.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Version">The projection's version; 1 unless a rebuild runs beside it.</param>
/// <param name="Slots">The range.</param>
/// <param name="Position">Every event of these slots up to here is applied; 0: none.</param>
/// <param name="GenerationId">The stamp: the generation that last gave the row its owner and its first slot.</param>
/// <param name="WorkerId">The owner, or null when no worker has the projection.</param>
internal sealed record Checkpoint(string Projection, int Version, SlotRange Slots, long Position, long GenerationId, Guid? WorkerId)
{
    /// <summary>Whether another reading means this row, by key and stamp. Its owner may have moved it, or joined it with the next one, meanwhile; and its end may have gone to another owner.</summary>
    public bool Names(Checkpoint other) =>
        (Projection, Version, Slots.From, GenerationId, WorkerId) == (other.Projection, other.Version, other.Slots.From, other.GenerationId, other.WorkerId);
}
