namespace Orchestrator.Hosting.Inspection;

/// <summary>How far a projection is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Parts">Its checkpoints by their slots, which together are all slots; at least one.</param>
public sealed record ProjectionReport(string Name, int Version, IReadOnlyList<CheckpointReport> Parts)
{
    /// <summary>The position that all parts have reached.</summary>
    public long Position => Parts.Min(part => part.Position);

    /// <summary>Positions between the hindmost part and the end of the log. An upper bound of the events to come: gaps, and events that the projection does not want, count too.</summary>
    public long Behind => Parts.Max(part => part.Behind);

    /// <summary>The age of the oldest event that the hindmost part has not passed, by the time that the event bears; zero at the end of the log.</summary>
    public TimeSpan Age => Parts.Max(part => part.Age);
}
