using Orchestrator.Events;
using Orchestrator.Projections;

namespace Handlers.Projections;

[Projection("user-history", AggregateTypes = ["User"])]
public sealed class UserHistory : IProjection
{
    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        context.Enqueue("INSERT INTO user_history (user_id, version, event_type) VALUES ($1, $2, $3)", e.AggregateId, e.AggregateVersion, e.EventType);
        return ValueTask.CompletedTask;
    }
}
