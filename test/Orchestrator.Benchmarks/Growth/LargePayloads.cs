using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Raw;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Events;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Benchmarks.Growth;

/// <summary>Events of 1 MiB each: how fast they are read, and with how much memory.</summary>
internal static class LargePayloads
{
    private const int PayloadBytes = 1024 * 1024;

    // As many as the product reads at once by default (PageBytes).
    private const int PageSize = 4;

    private static readonly double DefaultCacheMebibytes = new ReplicaSetOptions().PageCacheBytes / (1024d * 1024);

    public static async Task<IReadOnlyList<Comparison>> MeasureAsync(BenchmarkDatabase database, int events, int runs, CancellationToken cancellationToken)
    {
        long last = await AppendAsync(database, events, cancellationToken);
        var memory = new List<Pair>();
        Comparison rate = await PairedRuns.MeasureAsync(
            $"{events} events of 1 MiB; raw: reads only, {PageSize} at once",
            Units.EventsPerSecond,
            runs,
            async () =>
            {
                (double perSecond, double most) = await RunProductAsync(database, last, cancellationToken);
                memory.Add(new Pair(most, DefaultCacheMebibytes));
                return perSecond;
            },
            () => RunRawAsync(database, cancellationToken));
        return
        [
            rate with { Goal = Goal.Ratio(0.8) },
            new Comparison("most bytes of objects meanwhile, used or not, default settings; raw: PageCacheBytes", "MiB", memory[1..]),
        ];
    }

    // Not compressible, or the server would store next to nothing.
    private static async Task<long> AppendAsync(BenchmarkDatabase database, int events, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        long last = 0;
        for (int i = 0; i < events; i++)
        {
            byte[] payload = new byte[PayloadBytes];
            random.NextBytes(payload);
            last = (await database.Store.AppendAsync("Document", $"document-{i % 10}", ExpectedVersion.Any, [new EventData("PageScanned", payload)], cancellationToken: cancellationToken)).LastPosition;
        }

        return last;
    }

    private static async Task<(double PerSecond, double MostMemory)> RunProductAsync(BenchmarkDatabase database, long last, CancellationToken cancellationToken)
    {
        GC.Collect();
        var probe = new GrowthProbe(last, step: 1);
        using IHost host = Worker.Create(database.ConnectionString, Worker.NewReplicaSet(), probe, static replicaSet => replicaSet.AddProjection<CountedProjection>());
        await host.StartAsync(cancellationToken);
        IReadOnlyList<GrowthMark> marks = await probe.End.WaitAsync(cancellationToken);
        await host.StopAsync(cancellationToken);
        double perSecond = (marks[^1].Events - marks[0].Events) / Stopwatch.GetElapsedTime(marks[0].At, marks[^1].At).TotalSeconds;
        return (perSecond, marks.Max(mark => mark.Heap) / (double)PayloadBytes);
    }

    private static async Task<double> RunRawAsync(BenchmarkDatabase database, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        long events = await new RawProjection(database.DataSource).RunAsync(PageSize, apply: null, cancellationToken);
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
