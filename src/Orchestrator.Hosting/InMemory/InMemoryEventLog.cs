using Orchestrator.Events;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Processing;

namespace Orchestrator.Hosting.InMemory;

/// <summary>Reads the in-memory log. An append there is one step, so the horizon is always its end.</summary>
internal sealed class InMemoryEventLog(InMemoryDatabase database, TimeProvider time, LogStatus? status = null) : IEventLog
{
    public ValueTask<EventPage> ReadAsync(EventPageRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long readAt = time.GetTimestamp();
        lock (database.Gate)
        {
            status?.Observed(database.Events.Count);
            var events = new List<PersistedEvent>();
            var slots = new List<int>();
            long bytes = 0;

            // Positions are indexes plus one.
            for (int i = (int)request.From; i < database.Events.Count; i++)
            {
                PersistedEvent e = database.Events[i];
                if (!request.Slots.Contains(database.EventSlots[i]) || !request.Filter.Matches(e))
                {
                    continue;
                }

                events.Add(e);
                slots.Add(database.EventSlots[i]);
                bytes += e.Payload.Length;
                if (events.Count >= request.MaxCount || bytes >= request.MaxBytes)
                {
                    return ValueTask.FromResult(new EventPage(request.From, e.GlobalPosition, request.Slots, events, slots, readAt, bytes));
                }
            }

            return ValueTask.FromResult(new EventPage(request.From, Math.Max(request.From, database.Events.Count), request.Slots, events, slots, readAt, bytes));
        }
    }

    public ValueTask<long> ReadEndAsync(CancellationToken cancellationToken)
    {
        lock (database.Gate)
        {
            return ValueTask.FromResult<long>(database.Events.Count);
        }
    }

    public async Task WaitAsync(long position, TimeSpan timeout, CancellationToken cancellationToken)
    {
        long head = database.Head.Value;
        if (head <= position)
        {
            await database.Head.WaitForOtherAsync(head, timeout, time, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
