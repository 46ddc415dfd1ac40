using System.Diagnostics;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>When workers of this process committed, by generation. Any thread may report and ask.</summary>
internal sealed class CommitTimes
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(long Generation, Guid Worker), (long First, long Last)> _commits = [];
    private readonly Dictionary<(long Generation, string Aggregate), (Guid Worker, long First)> _owners = [];

    /// <summary>A worker has committed a batch.</summary>
    public void Committed(long generation, Guid worker, IEnumerable<string> aggregates)
    {
        long now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            long first = _commits.TryGetValue((generation, worker), out (long First, long Last) known) ? known.First : now;
            _commits[(generation, worker)] = (first, now);
            foreach (string aggregate in aggregates)
            {
                _owners.TryAdd((generation, aggregate), (worker, now));
            }
        }
    }

    /// <summary>The aggregates of which events were committed in a generation.</summary>
    public IReadOnlySet<string> AggregatesOf(long generation)
    {
        lock (_lock)
        {
            return _owners.Keys.Where(key => key.Generation == generation).Select(key => key.Aggregate).ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <summary>When the first event of any other aggregate was committed in a later generation, or null: not yet.</summary>
    public long? FirstOfOthers(long generation, IReadOnlySet<string> aggregates)
    {
        lock (_lock)
        {
            long[] times = [.. _owners.Where(owner => owner.Key.Generation > generation && !aggregates.Contains(owner.Key.Aggregate)).Select(owner => owner.Value.First)];
            return times.Length > 0 ? times.Min() : null;
        }
    }

    /// <summary>For each aggregate, how long it stood still: from the last commit of the worker that had it in one generation to the first commit of the one that has it in the next. Milliseconds.</summary>
    public IReadOnlyList<double> PausesBetween(long before, long after)
    {
        lock (_lock)
        {
            return
            [
                .. from owner in _owners
                   where owner.Key.Generation == after
                   let last = _commits[(before, _owners[(before, owner.Key.Aggregate)].Worker)].Last
                   let first = _commits[(after, owner.Value.Worker)].First
                   select Stopwatch.GetElapsedTime(last, first).TotalMilliseconds,
            ];
        }
    }
}

/// <summary>A projection that reports its commits and does nothing else.</summary>
internal sealed class CommitWitness(CommitTimes times) : IBatchProjection
{
    /// <summary>Its name in every replica set.</summary>
    public const string Name = "witness";

    public ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
    {
        string[] aggregates = [.. events.Select(e => e.AggregateId).Distinct()];
        context.OnCommitted(() => times.Committed(context.GenerationId, context.WorkerId, aggregates));
        return ValueTask.CompletedTask;
    }
}
