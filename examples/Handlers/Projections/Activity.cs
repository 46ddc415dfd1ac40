using Handlers.ReadModels;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Handlers.Projections;

public sealed class Activity(ReadModel db) : IProjection
{
    public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        await context.UseDbContextAsync(db, cancellationToken);
        UserActivity user = await db.Users.FindAsync([e.AggregateId], cancellationToken) ?? db.Users.Add(new UserActivity { Id = e.AggregateId }).Entity;
        user.Events++;
        await db.SaveChangesAsync(cancellationToken);
    }
}
