using Examples.Shared;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace WebHost.Projections;

/// <summary>What is in each account.</summary>
[Projection(Name, AggregateTypes = [Deposits.AggregateType])]
internal sealed class Balances : IProjection
{
    public const string Name = "balances";
    public const string CreateTable = "CREATE TABLE balances (account text PRIMARY KEY, balance bigint NOT NULL);";

    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        context.Enqueue(
            "INSERT INTO balances VALUES ($1, $2) ON CONFLICT (account) DO UPDATE SET balance = balances.balance + EXCLUDED.balance", e.AggregateId, Deposits.AmountOf(e));
        return ValueTask.CompletedTask;
    }
}
