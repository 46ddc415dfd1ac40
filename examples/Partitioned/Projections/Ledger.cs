using Examples.Shared;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Partitioned.Projections;

/// <summary>A line for every deposit, with the worker that wrote it.</summary>
[Projection(Name, AggregateTypes = [Deposits.AggregateType])]
internal sealed class Ledger : IProjection
{
    public const string Name = "ledger";

    // No key on purpose: an event that is applied twice gives two lines.
    public const string CreateTable = "CREATE TABLE ledger (account_id text NOT NULL, version bigint NOT NULL, worker_id uuid NOT NULL);";

    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        context.Enqueue("INSERT INTO ledger (account_id, version, worker_id) VALUES ($1, $2, $3)", e.AggregateId, e.AggregateVersion, context.WorkerId);
        return ValueTask.CompletedTask;
    }
}
