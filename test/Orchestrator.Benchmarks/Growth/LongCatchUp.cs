using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.Growth;

/// <summary>One projection over a long log: the last tenth beside the first, in speed and in memory; and what its worker keeps in memory beside the bound that its settings give.</summary>
internal static class LongCatchUp
{
    private const double Mebibyte = 1024 * 1024;

    private static readonly int[] CacheBounds = [8, 64];

    public static async Task<IReadOnlyList<Comparison>> MeasureAsync(BenchmarkDatabase database, long last, int runs, CancellationToken cancellationToken)
    {
        await RunAsync(database, last / 20, CacheBounds[0], cancellationToken);
        var rates = new List<Pair>();
        var workingSets = new List<Pair>();
        var heaps = new List<Pair>();
        List<Pair>[] kept = [[], []];
        for (int run = 0; run < runs; run++)
        {
            for (int bound = 0; bound < CacheBounds.Length; bound++)
            {
                Outcome outcome = await RunAsync(database, last, CacheBounds[bound], cancellationToken);
                rates.Add(new Pair(Rate(outcome.LastTenth), Rate(outcome.FirstTenth)));
                workingSets.Add(new Pair(outcome.LastTenth.Max(mark => mark.WorkingSet) / Mebibyte, outcome.FirstTenth.Max(mark => mark.WorkingSet) / Mebibyte));
                heaps.Add(new Pair(outcome.LastTenth.Max(mark => mark.Heap) / Mebibyte, outcome.FirstTenth.Max(mark => mark.Heap) / Mebibyte));
                kept[bound].Add(new Pair(outcome.Kept / Mebibyte, CacheBounds[bound]));
            }
        }

        return
        [
            new Comparison($"the last tenth of {last:#,0} events; raw: the first tenth", Units.EventsPerSecond, rates) { Goal = Goal.Ratio(0.9) },
            new Comparison("most memory of the process in the last tenth; raw: in the first", "MiB", workingSets) { Goal = Goal.Ratio(1.1) },
            new Comparison("most of it objects, used or not, in the last tenth; raw: in the first", "MiB", heaps) { Goal = Goal.Ratio(1.25) },
            .. CacheBounds.Select((bound, index) => new Comparison($"objects kept by the worker at the end, PageCacheBytes {bound} MiB; raw: that bound", "MiB", kept[index])),
        ];
    }

    private static async Task<Outcome> RunAsync(BenchmarkDatabase database, long last, int cacheBound, CancellationToken cancellationToken)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var probe = new GrowthProbe(last, step: (int)Math.Max(last / 1_000, 1));
        using IHost host = Worker.Create(database.ConnectionString, Worker.NewReplicaSet(), probe, static replicaSet => replicaSet.AddProjection<CountedProjection>(), options =>
        {
            options.BatchSize = 1_000;
            options.PageCacheBytes = cacheBound * 1024 * 1024;
        });
        await host.StartAsync(cancellationToken);
        IReadOnlyList<GrowthMark> marks = await probe.End.WaitAsync(cancellationToken);
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        await host.StopAsync(cancellationToken);
        return new Outcome([.. marks.Where(mark => mark.Events <= last / 10)], [.. marks.Where(mark => mark.Events >= last - (last / 10))], kept);
    }

    private static double Rate(IReadOnlyList<GrowthMark> marks) => (marks[^1].Events - marks[0].Events) / Stopwatch.GetElapsedTime(marks[0].At, marks[^1].At).TotalSeconds;

    private sealed record Outcome(IReadOnlyList<GrowthMark> FirstTenth, IReadOnlyList<GrowthMark> LastTenth, long Kept);
}
