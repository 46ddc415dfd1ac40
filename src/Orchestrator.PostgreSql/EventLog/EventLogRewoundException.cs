using System.Globalization;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>
/// The event log gives positions again that it has given before: it was restored from an older backup, or its sequence was set back. Reading on would pass over the new events that
/// got the old positions, so nothing is read. The message says what to do.
/// </summary>
public sealed class EventLogRewoundException : Exception
{
    private EventLogRewoundException(string message)
        : base(message)
    {
    }

    internal static EventLogRewoundException WhileRunning(long before, long now) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"The last position drawn in the event log fell from {before} to {now} while this process was reading it: the sequence was set back, or the table truncated or restored. This process reads no further. Restart it once the log and the checkpoints belong together again: restore both from the same backup, or rebuild the projections."));

    internal static EventLogRewoundException AtStart(long checkpoint, long lastValue) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"A checkpoint stands at position {checkpoint}, but the event log has only drawn positions up to {lastValue}: the log is older than its checkpoints. Nothing is read. Restore the log and the checkpoints from the same backup, or rebuild the projections. If no event is missing and only the sequence was set back, set it to the greatest position in use, events and checkpoints alike."));
}
