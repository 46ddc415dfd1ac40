namespace Orchestrator.Hosting.Doctor;

/// <summary>Who holds the horizon back, at one moment.</summary>
/// <param name="LastDrawn">The last position that any append has drawn, visible or not; 0: none yet.</param>
/// <param name="FurthestCheckpoint">The position of the projection that is furthest ahead; 0: none has begun.</param>
/// <param name="Holders">The transactions that have appended and are still open, the oldest first, those of unknown age last. Empty: nobody holds the horizon.</param>
public sealed record HorizonReport(long LastDrawn, long FurthestCheckpoint, IReadOnlyList<HorizonHolder> Holders)
{
    /// <summary>How many positions wait, at most: those that have been drawn and that no projection has passed. While somebody holds the horizon, the projection that is furthest ahead stands at it.</summary>
    public long Waiting => Math.Max(0, LastDrawn - FurthestCheckpoint);
}
