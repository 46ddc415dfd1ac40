using Examples.Shared;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace MultipleReplicaSets.Projections;

/// <summary>The quick one: how much is on each account.</summary>
[Projection(Name, AggregateTypes = [Deposits.AggregateType])]
internal sealed class Balances : IProjection
{
    public const string Name = "balances";
    public const string CreateTable = "CREATE TABLE balances (account_id text PRIMARY KEY, balance bigint NOT NULL);";

    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        context.Enqueue(
            "INSERT INTO balances AS b (account_id, balance) VALUES ($1, $2) ON CONFLICT (account_id) DO UPDATE SET balance = b.balance + excluded.balance",
            e.AggregateId,
            Deposits.AmountOf(e));
        return ValueTask.CompletedTask;
    }
}
