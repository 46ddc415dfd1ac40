using System.Runtime.InteropServices;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>
/// Turns observations of one session into the horizon. Pure: no clock, no connection. One session has one tracker; a new session starts with a new one, because what was
/// seen before a server crash says nothing about the positions that the server gives again after it.
/// </summary>
/// <remarks>
/// Why no event is ever missed. A transaction takes the append lock before it draws a position, and keeps it until its positions are visible or void. So whoever has a position
/// that can still appear is listed now. If it was not listed in an earlier observation whose last value was L, then it had no such position yet when that list was made; L was
/// read before the list, so everything it has drawn since lies beyond L. Each holder therefore has a bound, the last value of the latest observation without it, and nothing at or
/// below the least bound can still appear. With no holder, that goes for everything up to the last value. And in a run without a gap there is no room for anything to appear in.
/// A holder that is listed, then not, then again (a rollback to a savepoint gives the lock back, and voids what it drew) gets a new bound: what it draws from then on lies beyond it.
/// </remarks>
/// <param name="start">A position known to be settled: the greatest checkpoint on this log, which an earlier horizon has covered. An open append never blocks what lies below it.</param>
internal sealed class HorizonTracker(long start)
{
    private Dictionary<string, Held> _holders = new(StringComparer.Ordinal);
    private long _lastValue = start;

    /// <summary>The horizon: never falls.</summary>
    public long Position { get; private set; } = start;

    /// <summary>Since when the oldest holder has held the horizon back, or null.</summary>
    public long? HeldSince { get; private set; }

    /// <summary>Takes the next observation into account.</summary>
    /// <exception cref="EventLogRewoundException">The last value has fallen.</exception>
    public void Observe(HorizonObservation observation)
    {
        if (observation.LastValue < _lastValue)
        {
            throw EventLogRewoundException.WhileRunning(_lastValue, observation.LastValue);
        }

        var holders = new Dictionary<string, Held>(observation.Holders.Count, StringComparer.Ordinal);
        long safe = observation.LastValue;
        long oldest = long.MaxValue;
        foreach (string holder in observation.Holders)
        {
            Held held = _holders.TryGetValue(holder, out Held known) ? known : new Held(_lastValue, observation.ReadAt);
            holders[holder] = held;
            safe = Math.Min(safe, held.Bound);
            oldest = Math.Min(oldest, held.Since);
        }

        _holders = holders;
        _lastValue = observation.LastValue;
        Position = Math.Max(Position, Math.Max(safe, observation.ContiguousTo));
        HeldSince = holders.Count > 0 && Position < observation.LastValue ? oldest : null;
    }

    /// <summary>What is known of an open append.</summary>
    /// <param name="Bound">The last value of the latest observation without this holder.</param>
    /// <param name="Since">When it was first seen.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Held(long Bound, long Since);
}
