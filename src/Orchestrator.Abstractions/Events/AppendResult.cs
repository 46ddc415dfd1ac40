namespace Orchestrator.Events;

/// <summary>Where appended events went.</summary>
/// <param name="FirstVersion">The first event's version in its aggregate.</param>
/// <param name="Positions">The global position of each event, in the order given; strictly rising, not always consecutive.</param>
public sealed record AppendResult(long FirstVersion, IReadOnlyList<long> Positions)
{
    /// <summary>The last event's version: what the next append may expect.</summary>
    public long LastVersion => FirstVersion + Positions.Count - 1;

    /// <summary>The last event's position: what a reader can wait for.</summary>
    public long LastPosition => Positions[^1];
}
