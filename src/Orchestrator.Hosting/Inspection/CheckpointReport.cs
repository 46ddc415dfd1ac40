using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.Inspection;

/// <summary>How far a projection is with some of the slots.</summary>
/// <param name="Slots">The slots.</param>
/// <param name="Position">Everything up to here is applied.</param>
/// <param name="WorkerId">The worker that has it; null: none has, and its events wait.</param>
public sealed record CheckpointReport(SlotRange Slots, long Position, Guid? WorkerId)
{
    /// <summary>Positions between it and the end of the log.</summary>
    public required long Behind { get; init; }

    /// <summary>The age of the first event behind <see cref="Position"/>, of whatever slot, by the time that the event bears; zero at the end of the log.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>When the position last moved, or the slots changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
