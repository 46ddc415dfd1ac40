using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Hosting.DependencyInjection;

namespace Orchestrator.Benchmarks.Growth;

/// <summary>Many projections in one replica set, in one worker: the time until all of them are at the end of the log, beside the time of one.</summary>
internal static class ManyProjections
{
    private const int Count = 64;

    public static async Task<Comparison> MeasureAsync(BenchmarkDatabase database, long last, int runs, CancellationToken cancellationToken)
    {
        Comparison comparison = await PairedRuns.MeasureAsync(
            $"{Count} projections over {last:#,0} events; raw: one projection of the product",
            "s",
            runs,
            () => RunAsync(database, Count, last, cancellationToken),
            () => RunAsync(database, 1, last, cancellationToken));
        return comparison with { Goal = Goal.Ratio(Count) };
    }

    private static async Task<double> RunAsync(BenchmarkDatabase database, int projections, long last, CancellationToken cancellationToken)
    {
        await using var group = WorkerGroup.Of(database, new object(), replicaSet => Add(replicaSet, projections), static options => options.BatchSize = 1_000);
        await group.StartAsync(1, cancellationToken);
        await group.WaitForGenerationAsync(cancellationToken);
        long started = Stopwatch.GetTimestamp();
        await group.WaitForPositionAsync(last, cancellationToken);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Add(IReplicaSetBuilder replicaSet, int projections)
    {
        for (int number = 0; number < projections; number++)
        {
            replicaSet.AddProjection<EmptyProjection>($"projection-{number:00}");
        }
    }
}
