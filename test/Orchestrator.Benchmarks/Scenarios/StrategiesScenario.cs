using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>
/// What a rescale costs whom, by strategy: the longest time that an aggregate has no commit while a worker joins or leaves, beside the longest in as much time right behind it, in which nothing changes.
/// From one worker to eight and back, one at a time; hosts in this process, with default settings.
/// </summary>
internal sealed class StrategiesScenario : IScenario
{
    public string Name => "strategies";

    public string Question => "Milliseconds without a commit while a worker joins or leaves, beside the same with nothing changing. A ratio of 1 is no pause.";

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        await using var appends = SteadyAppends.Start(database);
        int most = context.Options.Quick ? 3 : 8;
        await RunAsync(database, RebalanceStrategy.Rolling, most: 2, [], cancellationToken);
        var gaps = new List<Gap>();
        for (int run = 0; run < context.Options.Runs; run++)
        {
            await RunAsync(database, RebalanceStrategy.Rolling, most, gaps, cancellationToken);
            await RunAsync(database, RebalanceStrategy.Recreate, most, gaps, cancellationToken);
        }

        return
        [
            .. from gap in gaps
               group gap by (gap.Strategy, gap.Joins, gap.Stayed) into same
               orderby same.Key.Strategy descending, same.Key.Joins, same.Key.Stayed descending
               from comparison in Compare($"{same.Key.Strategy}, a worker {(same.Key.Joins ? "joins" : "leaves")}, slots that {(same.Key.Stayed ? "stay" : "change hands")}", [.. same])
               select comparison,
        ];
    }

    private static IEnumerable<Comparison> Compare(string name, IReadOnlyList<Gap> gaps)
    {
        foreach ((string part, double share) in new[] { ("p50", 0.5), ("p99", 0.99) })
        {
            var pair = new Pair(Statistics.Percentile([.. gaps.Select(gap => gap.Changing)], share), Statistics.Percentile([.. gaps.Select(gap => gap.Quiet)], share));
            yield return new Comparison($"{name}: {part} of {gaps.Count}", "ms", [pair]);
        }
    }

    private static async Task RunAsync(BenchmarkDatabase database, RebalanceStrategy strategy, int most, List<Gap> gaps, CancellationToken cancellationToken)
    {
        var commits = new CommitGaps();
        await using var group = WorkerGroup.Of(database, commits, static replicaSet => replicaSet.AddProjection<GapWitness>(CommitWitness.Name), options => options.Strategy = strategy);
        await group.StartAsync(1, cancellationToken);
        await group.WaitForGenerationAsync(cancellationToken);
        while (commits.Aggregates < SteadyAppends.Aggregates)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
        }

        int[] counts = [.. Enumerable.Range(2, most - 1), .. Enumerable.Range(1, most - 1).Reverse()];
        foreach (int workers in counts)
        {
            long begin = Stopwatch.GetTimestamp();
            bool joins = workers > group.Count;
            await (joins ? group.StartAsync(1, cancellationToken) : group.StopOneAsync(cancellationToken));
            await group.WaitForGenerationAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, cancellationToken);
            long middle = Stopwatch.GetTimestamp();
            await Task.Delay(Stopwatch.GetElapsedTime(begin, middle), TimeProvider.System, cancellationToken);
            long end = Stopwatch.GetTimestamp();
            gaps.AddRange(commits.LongestBetween(begin, middle).Zip(commits.LongestBetween(middle, end), (changing, quiet) => new Gap(strategy, joins, changing.Stayed, changing.Milliseconds, quiet.Milliseconds)));
        }
    }

    private sealed record Gap(RebalanceStrategy Strategy, bool Joins, bool Stayed, double Changing, double Quiet);
}
