using System.Collections.Concurrent;
using Examples.Shared;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Telemetry.Projections;

/// <summary>What each account holds.</summary>
internal sealed class Balances(BalanceTable table) : IProjection
{
    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        // The in-memory provider has no transaction to write in.
        context.OnCommitted(() => table.Add(e.AggregateId, Deposits.AmountOf(e)));
        return ValueTask.CompletedTask;
    }
}

/// <summary>The read model.</summary>
internal sealed class BalanceTable
{
    private readonly ConcurrentDictionary<string, long> _balances = new(StringComparer.Ordinal);
    private int _applied;

    public int Applied => Volatile.Read(ref _applied);

    public void Add(string account, long amount)
    {
        _balances.AddOrUpdate(account, amount, (_, before) => before + amount);
        Interlocked.Increment(ref _applied);
    }
}
