using Examples.Shared;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace WithLogging.Projections;

/// <summary>Counts deposits, and fails on demand.</summary>
[Projection(Name, AggregateTypes = [Deposits.AggregateType])]
internal sealed class Moody(Mood mood) : IProjection
{
    public const string Name = "moody";
    public const string CreateTable = "CREATE TABLE deposits (account text PRIMARY KEY, count bigint NOT NULL);";

    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        if (mood.IsBad())
        {
            throw new InvalidOperationException("This handler is in a bad mood.");
        }

        context.Enqueue("INSERT INTO deposits VALUES ($1, 1) ON CONFLICT (account) DO UPDATE SET count = deposits.count + 1", e.AggregateId);
        return ValueTask.CompletedTask;
    }
}
