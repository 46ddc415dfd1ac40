using System.Diagnostics;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>
/// What a rescale costs whom, by strategy: the longest time that an aggregate has no commit while a worker joins or leaves, beside the longest in as much time right behind it, in which nothing changes.
/// From one worker to eight and back, one at a time; each in a process of its own, which runs and is warm before. Once with batches of 100 ms and those of one aggregate, which take 500 ms: what is measured are the
/// aggregates of the other workers. Once with short batches.
/// </summary>
internal sealed class StrategiesScenario : IScenario
{
    private static readonly Load[] Loads =
    [
        new("batches of 100 ms beside one of 500", AppendPause: 50, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500)),
        new("short batches", AppendPause: 10, TimeSpan.Zero, TimeSpan.Zero),
    ];

    // No pause, and a tenth for what else the machine does.
    private static readonly Goal NoPause = Goal.Ratio(1.1);

    public string Name => "strategies";

    public string Question => "Milliseconds without a commit while a worker joins or leaves, beside the same with nothing changing. A ratio of 1 is no pause.";

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        int most = context.Options.Quick ? 3 : 8;
        await using WorkerProcesses workers = await WorkerProcesses.ParkAsync(most, cancellationToken);
        var comparisons = new List<Comparison>();
        foreach (Load load in Loads)
        {
            await WarmUpAsync(context, workers, load, cancellationToken);
            var gaps = new List<Gap>();
            for (int run = 0; run < context.Options.Runs; run++)
            {
                gaps.AddRange(await RunAsync(context, workers, load, RebalanceStrategy.Rolling, most, cancellationToken));
                gaps.AddRange(await RunAsync(context, workers, load, RebalanceStrategy.Recreate, most, cancellationToken));
            }

            comparisons.AddRange(Compare(load, gaps));
        }

        return comparisons;
    }

    private static async Task WarmUpAsync(ScenarioContext context, WorkerProcesses workers, Load load, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        await using var appends = SteadyAppends.Start(database, load.AppendPause);
        await workers.WarmUpAsync(database, OrderOf(database, load, RebalanceStrategy.Rolling), cancellationToken);
    }

    private static WorkerOrder OrderOf(BenchmarkDatabase database, Load load, RebalanceStrategy strategy) =>
        new(database.ConnectionString, Worker.NewReplicaSet(), WorkerWork.Report) { Strategy = strategy, BatchDuration = load.BatchDuration, LongestBatch = load.LongestBatch };

    // Rolling first, and in it the slots that stay: what it is chosen for.
    private static IEnumerable<Comparison> Compare(Load load, IEnumerable<Gap> gaps) =>
        from gap in gaps
        group gap by (gap.Strategy, gap.Joins, gap.Stayed) into same
        orderby same.Key.Strategy descending, same.Key.Stayed descending, same.Key.Joins descending
        let name = $"{load.Name}, {same.Key.Strategy}, a worker {(same.Key.Joins ? "joins" : "leaves")}, slots that {(same.Key.Stayed ? "stay" : "change hands")}"
        let goal = same.Key is { Strategy: RebalanceStrategy.Rolling, Stayed: true } && load.LongestBatch > load.BatchDuration ? NoPause : null
        from comparison in Compare(name, [.. same], goal)
        select comparison;

    private static IEnumerable<Comparison> Compare(string name, IReadOnlyList<Gap> gaps, Goal? goal)
    {
        double[] changing = [.. gaps.Select(gap => gap.Changing)];
        double[] quiet = [.. gaps.Select(gap => gap.Quiet)];
        yield return Distribution.Part(name, "ms", 0.5, changing, quiet) with { Goal = goal };
        yield return Distribution.Part(name, "ms", 0.99, changing, quiet);
    }

    // In a database of its own: a first worker would otherwise catch up with the log of all runs before, in batches that take long on purpose.
    private static async Task<IReadOnlyList<Gap>> RunAsync(ScenarioContext context, WorkerProcesses workers, Load load, RebalanceStrategy strategy, int most, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        await using var appends = SteadyAppends.Start(database, load.AppendPause);
        WorkerOrder order = OrderOf(database, load, strategy);
        var progress = new Progress(database, order.ReplicaSet);
        await workers.StartAsync(1, order, cancellationToken);
        await progress.WaitForGenerationAsync(1, cancellationToken);
        await progress.WaitForNextEventsAsync(cancellationToken);
        var rescales = new List<Rescale>();
        int[] counts = [.. Enumerable.Range(2, most - 1), .. Enumerable.Range(1, most - 1).Reverse()];
        foreach (int count in counts)
        {
            long begin = Stopwatch.GetTimestamp();
            bool joins = count > workers.Running;
            await (joins ? workers.StartAsync(1, order, cancellationToken) : workers.StopNewestAsync(cancellationToken));
            await progress.WaitForGenerationAsync(count, cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(300) + (2 * order.BatchDuration), TimeProvider.System, cancellationToken);
            long middle = Stopwatch.GetTimestamp();
            await Task.Delay(Stopwatch.GetElapsedTime(begin, middle), TimeProvider.System, cancellationToken);
            rescales.Add(new Rescale(joins, begin, middle, Stopwatch.GetTimestamp()));
        }

        await workers.StopNewestAsync(cancellationToken);
        var gaps = new CommitGaps(await workers.ReportAsync(cancellationToken));
        return [.. rescales.SelectMany(rescale => Compare(gaps, order, rescale))];
    }

    // Whoever shares a worker with long batches waits for them at all times.
    private static IEnumerable<Gap> Compare(CommitGaps gaps, WorkerOrder order, Rescale rescale)
    {
        IReadOnlyDictionary<string, (double Milliseconds, bool Stayed)> changing = gaps.LongestBetween(rescale.Begin, rescale.Middle);
        IReadOnlyDictionary<string, (double Milliseconds, bool Stayed)> quiet = gaps.LongestBetween(rescale.Middle, rescale.End);
        return (order.LongestBatch > order.BatchDuration ? gaps.ApartFrom(SteadyAppends.SlowAggregate, rescale.Begin, rescale.End) : changing.Keys)
            .Select(aggregate => new Gap(order.Strategy, rescale.Joins, changing[aggregate].Stayed, changing[aggregate].Milliseconds, quiet[aggregate].Milliseconds));
    }

    private sealed record Load(string Name, int AppendPause, TimeSpan BatchDuration, TimeSpan LongestBatch);

    // From before the order until everything has settled, and as long again.
    private sealed record Rescale(bool Joins, long Begin, long Middle, long End);

    private sealed record Gap(RebalanceStrategy Strategy, bool Joins, bool Stayed, double Changing, double Quiet);
}
