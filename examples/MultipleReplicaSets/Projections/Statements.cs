using Examples.Shared;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace MultipleReplicaSets.Projections;

/// <summary>The slow one: a line for every deposit, each of which takes a while, as if a page were drawn for it.</summary>
[Projection(Name, AggregateTypes = [Deposits.AggregateType])]
internal sealed class Statements(TimeProvider time) : IProjection
{
    public const string Name = "statements";

    // A line that is written twice is refused by the key.
    public const string CreateTable = "CREATE TABLE statements (account_id text, line bigint, amount bigint NOT NULL, PRIMARY KEY (account_id, line));";

    private static readonly TimeSpan Drawing = TimeSpan.FromMilliseconds(3);

    public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(Drawing, time, cancellationToken);
        context.Enqueue("INSERT INTO statements (account_id, line, amount) VALUES ($1, $2, $3)", e.AggregateId, e.AggregateVersion, Deposits.AmountOf(e));
    }
}
