using System.Text.Json;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Kubernetes;

/// <summary>What is in each account.</summary>
[Projection("balances", AggregateTypes = [AggregateType])]
internal sealed class Balances : IProjection
{
    public const string AggregateType = "Account";
    public const string CreateTable = "CREATE TABLE IF NOT EXISTS balances (account text PRIMARY KEY, balance bigint NOT NULL)";

    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        long amount = JsonSerializer.Deserialize<long>(e.Payload.Span);
        context.Enqueue("INSERT INTO balances VALUES ($1, $2) ON CONFLICT (account) DO UPDATE SET balance = balances.balance + EXCLUDED.balance", e.AggregateId, amount);
        return ValueTask.CompletedTask;
    }
}
