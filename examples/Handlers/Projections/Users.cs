using Orchestrator.Events;
using Orchestrator.Projections;

namespace Handlers.Projections;

public sealed class Users : IHandle<UserCreated>, IHandle<UserRenamed>
{
    public ValueTask HandleAsync(UserCreated e, PersistedEvent envelope, ProjectionContext context, CancellationToken cancellationToken)
    {
        context.Enqueue("INSERT INTO users (id, name) VALUES ($1, $2)", envelope.AggregateId, e.Name);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(UserRenamed e, PersistedEvent envelope, ProjectionContext context, CancellationToken cancellationToken)
    {
        context.Enqueue("UPDATE users SET name = $2 WHERE id = $1", envelope.AggregateId, e.Name);
        return ValueTask.CompletedTask;
    }
}
