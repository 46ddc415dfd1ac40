using Orchestrator.Events;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.Processing;

/// <summary>Every event of some slots with <c>From &lt; position &lt;= To</c> that matches the request's filter. Immutable, shared by every projection that can use it.</summary>
/// <param name="From">The position behind which the page starts.</param>
/// <param name="To">Where it ends: the position of an existing event (of any slot or type) at or below the horizon, or <paramref name="From"/> when there is nothing new.</param>
/// <param name="Slots">The slots that it holds events of.</param>
/// <param name="Events">The events, in the order of the log.</param>
/// <param name="EventSlots">The slot of each event.</param>
/// <param name="ReadAt">The TimeProvider's timestamp from before the page's query, and that of the horizon it relies on, were sent.</param>
/// <param name="Bytes">About how much memory the page takes.</param>
public sealed record EventPage(
    long From,
    long To,
    SlotSet Slots,
    IReadOnlyList<PersistedEvent> Events,
    IReadOnlyList<int> EventSlots,
    long ReadAt,
    long Bytes)
{
    /// <summary>Whether there is nothing behind <see cref="From"/> that is safe to read yet.</summary>
    public bool IsEmpty => To == From;

    /// <summary>Whether the page can serve a reader of these slots that has applied everything up to a position.</summary>
    /// <param name="slots">The reader's slots.</param>
    /// <param name="position">The reader's position.</param>
    /// <returns>True when it holds every event that the reader needs next.</returns>
    public bool Serves(SlotRange slots, long position) => Slots.Contains(slots) && From <= position && position < To;

    /// <summary>Where the events behind a position begin.</summary>
    internal int IndexBehind(long position)
    {
        int low = 0;
        int high = Events.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Events[middle].GlobalPosition <= position ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The first event behind a position, of any of the page's slots, or null.</summary>
    internal PersistedEvent? FirstBehind(long position) => IndexBehind(position) is var index && index < Events.Count ? Events[index] : null;
}
