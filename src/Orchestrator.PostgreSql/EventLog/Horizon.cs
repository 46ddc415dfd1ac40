using Orchestrator.Hosting.Doctor;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>How far the log can be read without ever missing an event. Immutable.</summary>
/// <param name="Position">Every position up to here is visible, or never will be.</param>
/// <param name="LastValue">The last position that had been drawn.</param>
/// <param name="ReadAt">The TimeProvider's timestamp from before the query was sent.</param>
/// <param name="HeldSince">Since when (a timestamp) the oldest open append has held the horizon back, or null when none does.</param>
/// <param name="Hints">How many hints of appends had come when the query was sent: a later one is a reason to ask again.</param>
internal sealed record Horizon(long Position, long LastValue, long ReadAt, long? HeldSince, long Hints)
{
    /// <summary>The oldest open append, once it has held the horizon back for a while; null: none has, or it could not be found.</summary>
    public HorizonHolder? Holder { get; init; }

    /// <summary>Whether there was nothing beyond it: until somebody draws another position, it stays where it is.</summary>
    public bool IsAtEnd => Position == LastValue;
}
