using System.Globalization;
using Orchestrator.Hosting.Errors;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>
/// The event log gives positions again that it has given before: it was restored from an older backup, or its sequence was set back. Reading on would pass over the new events that
/// got the old positions, so nothing is read. The message says what to do.
/// </summary>
public sealed class EventLogRewoundException : EventLogRefusedException
{
    private EventLogRewoundException(string message)
        : base(message)
    {
    }

    internal static EventLogRewoundException WhileRunning(long before, long now) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"The last position drawn in the event log fell from {before} to {now} while this process was reading it: the sequence was set back, or the table truncated or restored. This process reads no further. Restart it once the log and the checkpoints belong together again: restore both from the same backup, or rebuild the projections (empty their tables, and delete their checkpoints, while no worker runs)."));

    internal static EventLogRewoundException Ahead(FurthestCheckpoint checkpoint, long lastValue, string checkpointsTable) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Projection '{checkpoint.Projection}' of replica set '{checkpoint.ReplicaSet}' stands at position {checkpoint.Position}, but the event log has only drawn positions up to {lastValue}: the log is older than its checkpoints. Nothing is applied until the checkpoints lie within the log. Restore both from the same backup, or rebuild the projection: empty its tables, and delete its rows of {checkpointsTable}. If no event is missing and only the sequence was set back, set it to the greatest position in use, events and checkpoints alike, and restart."));

    /// <summary>The same for another caller: one that was thrown once keeps its stack.</summary>
    internal EventLogRewoundException Again() => new(Message);
}
