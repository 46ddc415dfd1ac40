using Examples.Shared;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace WorkerPool.Projections;

/// <summary>A line for every deposit, each of which takes 5 ms; the table says afterwards how often and in which order the lines of an account were written.</summary>
[Projection(Name, AggregateTypes = [Deposits.AggregateType])]
internal sealed class Ledger(LanesAtWork lanes, TimeProvider time) : IProjection
{
    public const string Name = "ledger";

    // No key on purpose: an event that is applied twice gives two lines. Lines of one account are numbered in the order of their insertion.
    public const string CreateTable = "CREATE TABLE ledger (written bigint GENERATED ALWAYS AS IDENTITY, account_id text NOT NULL, version bigint NOT NULL);";

    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(5);

    public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        using (lanes.Enter())
        {
            await Task.Delay(Work, time, cancellationToken);
        }

        context.Enqueue("INSERT INTO ledger (account_id, version) VALUES ($1, $2)", e.AggregateId, e.AggregateVersion);
    }
}
