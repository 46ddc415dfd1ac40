using System.Diagnostics;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>How long aggregates were without a commit.</summary>
internal sealed class CommitGaps
{
    private readonly Dictionary<string, List<Commit>> _byAggregate = new(StringComparer.Ordinal);

    /// <summary>Looks at commits, of whatever processes.</summary>
    public CommitGaps(IEnumerable<Commit> commits)
    {
        foreach (Commit commit in commits.OrderBy(commit => commit.At))
        {
            foreach (string aggregate in commit.Aggregates)
            {
                if (!_byAggregate.TryGetValue(aggregate, out List<Commit>? own))
                {
                    _byAggregate.Add(aggregate, own = []);
                }

                own.Add(commit);
            }
        }
    }

    /// <summary>For each aggregate, the longest time without a commit in a stretch of time, and whether all of them were one worker's.</summary>
    public IReadOnlyDictionary<string, (double Milliseconds, bool Stayed)> LongestBetween(long from, long to) =>
        _byAggregate.ToDictionary(own => own.Key, own => Longest([.. Between(own.Value, from, to)], from, to), StringComparer.Ordinal);

    /// <summary>The aggregates that no worker had, in a stretch of time, which had this one.</summary>
    public IReadOnlyList<string> ApartFrom(string aggregate, long from, long to)
    {
        HashSet<Guid> workers = [.. OwnersBetween(_byAggregate[aggregate], from, to)];
        return [.. _byAggregate.Where(own => !OwnersBetween(own.Value, from, to).Any(workers.Contains)).Select(own => own.Key)];
    }

    // Who waits for another's long batch may have no commit at all in the time: the last one before it and the first one behind it tell whose it was.
    private static IEnumerable<Guid> OwnersBetween(List<Commit> commits, long from, long to)
    {
        int first = Math.Max(0, commits.FindLastIndex(commit => commit.At < from));
        int last = commits.FindIndex(commit => commit.At > to);
        return commits[first..(last < 0 ? commits.Count : last + 1)].Select(commit => commit.Worker);
    }

    private static IEnumerable<Commit> Between(IEnumerable<Commit> commits, long from, long to) => commits.Where(commit => commit.At >= from && commit.At <= to);

    private static (double Milliseconds, bool Stayed) Longest(Commit[] commits, long from, long to)
    {
        long[] times = [from, .. commits.Select(commit => commit.At), to];
        double longest = times.Zip(times.Skip(1), static (earlier, later) => Stopwatch.GetElapsedTime(earlier, later).TotalMilliseconds).Max();
        return (longest, commits.Select(commit => commit.Worker).Distinct().Count() <= 1);
    }
}
