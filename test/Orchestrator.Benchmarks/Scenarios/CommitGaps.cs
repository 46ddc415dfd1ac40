using System.Diagnostics;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>When events of each aggregate were committed, and by which worker of this process. Any thread may report and ask.</summary>
internal sealed class CommitGaps
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<(long At, Guid Worker)>> _commits = new(StringComparer.Ordinal);

    /// <summary>How many aggregates have been seen.</summary>
    public int Aggregates
    {
        get
        {
            lock (_lock)
            {
                return _commits.Count;
            }
        }
    }

    /// <summary>A worker has committed a batch.</summary>
    public void Committed(Guid worker, IEnumerable<string> aggregates)
    {
        long now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            foreach (string aggregate in aggregates)
            {
                if (!_commits.TryGetValue(aggregate, out List<(long, Guid)>? commits))
                {
                    _commits.Add(aggregate, commits = []);
                }

                commits.Add((now, worker));
            }
        }
    }

    /// <summary>For each aggregate, the longest time without a commit in a stretch of time, and whether all of them were one worker's.</summary>
    public IReadOnlyList<(double Milliseconds, bool Stayed)> LongestBetween(long from, long to)
    {
        lock (_lock)
        {
            return [.. _commits.Values.Select(commits => Longest([.. commits.Where(commit => commit.At >= from && commit.At <= to)], from, to))];
        }
    }

    private static (double Milliseconds, bool Stayed) Longest((long At, Guid Worker)[] commits, long from, long to)
    {
        long[] times = [from, .. commits.Select(commit => commit.At), to];
        double longest = times.Zip(times.Skip(1), static (earlier, later) => Stopwatch.GetElapsedTime(earlier, later).TotalMilliseconds).Max();
        return (longest, commits.Select(commit => commit.Worker).Distinct().Count() <= 1);
    }
}

/// <summary>A projection that reports its commits and does nothing else.</summary>
internal sealed class GapWitness(CommitGaps gaps) : IBatchProjection
{
    public ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
    {
        string[] aggregates = [.. events.Select(e => e.AggregateId).Distinct()];
        context.OnCommitted(() => gaps.Committed(context.WorkerId, aggregates));
        return ValueTask.CompletedTask;
    }
}
