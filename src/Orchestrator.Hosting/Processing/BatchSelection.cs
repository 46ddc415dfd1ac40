using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Projections;

namespace Orchestrator.Hosting.Processing;

/// <summary>The events of a page that make the next batch of a row, and where the row stands when they are applied.</summary>
/// <param name="Events">The events that the projection wants, in the order of the log.</param>
/// <param name="From">The row's position in front of them.</param>
/// <param name="Position">The row's position behind them.</param>
/// <param name="Unwanted">How many events of the row's slots lay between and were not wanted.</param>
internal sealed record BatchSelection(IReadOnlyList<PersistedEvent> Events, long From, long Position, int Unwanted)
{
    /// <summary>Where the row stands when only the first of them are applied.</summary>
    /// <param name="applied">How many.</param>
    public long PositionBehind(int applied) => applied == Events.Count ? Position : applied == 0 ? From : Events[applied - 1].GlobalPosition;

    /// <summary>Selects.</summary>
    /// <param name="page">A page that serves the row.</param>
    /// <param name="row">The row as locked.</param>
    /// <param name="filter">The events wanted.</param>
    /// <param name="maxCount">The most events.</param>
    /// <param name="limit">A position not to pass.</param>
    public static BatchSelection Of(EventPage page, Checkpoint row, EventFilter filter, int maxCount, long limit)
    {
        long end = Math.Min(page.To, limit);
        var events = new List<PersistedEvent>(Math.Min(maxCount, page.Events.Count));
        int unwanted = 0;
        for (int i = page.IndexBehind(row.Position); i < page.Events.Count && page.Events[i].GlobalPosition <= end; i++)
        {
            if (!row.Slots.Contains(page.EventSlots[i]))
            {
                continue;
            }

            if (!filter.Matches(page.Events[i]))
            {
                unwanted++;
                continue;
            }

            if (events.Count == maxCount)
            {
                // Full, and there is more: the row stands at the last event taken, not at the page's end.
                return new BatchSelection(events, row.Position, events[^1].GlobalPosition, unwanted);
            }

            events.Add(page.Events[i]);
        }

        return new BatchSelection(events, row.Position, end, unwanted);
    }
}
