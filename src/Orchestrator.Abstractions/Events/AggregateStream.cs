namespace Orchestrator.Events;

/// <summary>The events of one aggregate, or a range of them, in the order of their versions.</summary>
/// <param name="AggregateType">The kind of aggregate.</param>
/// <param name="AggregateId">The aggregate's id.</param>
/// <param name="Version">The aggregate's version: that of its last event, also when the range read ends before it; 0 when it has no events.</param>
/// <param name="Events">The events in the range; empty when there are none.</param>
public sealed record AggregateStream(string AggregateType, string AggregateId, long Version, IReadOnlyList<PersistedEvent> Events)
{
    /// <summary>What an append that builds on this stream should expect.</summary>
    public ExpectedVersion ExpectedVersion => Version == 0 ? ExpectedVersion.NoStream : ExpectedVersion.Exact(Version);
}
