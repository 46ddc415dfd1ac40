using Examples.Shared;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace WebHost.Projections;

/// <summary>What came to each account, in order. In a replica set of its own: it may lag or stop, and the balances do not wait for it.</summary>
[Projection(Name, AggregateTypes = [Deposits.AggregateType])]
internal sealed class Statements : IProjection
{
    public const string Name = "statements";
    public const string CreateTable = "CREATE TABLE statements (account text, line bigint, amount bigint NOT NULL, PRIMARY KEY (account, line));";

    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        context.Enqueue("INSERT INTO statements VALUES ($1, $2, $3)", e.AggregateId, e.AggregateVersion, Deposits.AmountOf(e));
        return ValueTask.CompletedTask;
    }
}
