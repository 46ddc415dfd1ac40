using Orchestrator.Events;
using Orchestrator.Projections;

namespace Handlers.Projections;

public sealed class EventCounts : IBatchProjection
{
    private const string AddAll =
        """
        INSERT INTO event_counts (type, events)
        SELECT type, count(*) FROM unnest($1::text[]) AS type GROUP BY type ORDER BY type
        ON CONFLICT (type) DO UPDATE SET events = event_counts.events + EXCLUDED.events
        """;

    public ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
    {
        context.Enqueue(AddAll, events.Select(e => e.EventType).ToArray());
        return ValueTask.CompletedTask;
    }
}
