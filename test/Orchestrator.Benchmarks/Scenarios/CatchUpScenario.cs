using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Raw;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>How fast one projection that does nothing goes through a log.</summary>
internal sealed class CatchUpScenario : IScenario
{
    public string Name => "catchup";

    public string Question => "Events a second through a handler that does nothing, beside a loop that reads the same pages.";

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        long last = await SampleEvents.AppendLogAsync(database, context.Options.EventsOr(500_000), cancellationToken);
        await database.ExecuteAsync(RawProjection.CheckpointTable, cancellationToken);

        // For its first seconds the runtime compiles what runs often, which the first case would pay for alone.
        for (int run = 0; run < 3 && !context.Options.Quick; run++)
        {
            await RunProductAsync(database, last, batchSize: 1_000, lanes: 1, cancellationToken);
            await RunRawAsync(database, 1_000, apply: null, cancellationToken);
        }

        return
        [
            await MeasureAsync("BatchSize 1000; raw: reads only", batchSize: 1_000, apply: null) with { Goal = Goal.Ratio(0.8) },
            await MeasureAsync("BatchSize 1000; raw: reads, and moves a checkpoint", batchSize: 1_000, Nothing),
            await MeasureAsync("BatchSize 100; raw: reads only", batchSize: 100, apply: null) with { Goal = Goal.Ratio(0.8) },
            await MeasureAsync("BatchSize 100; raw: reads, and moves a checkpoint", batchSize: 100, Nothing),
            await MeasureAsync("4 lanes, BatchSize 1000; raw: reads only, in one loop", batchSize: 1_000, apply: null, lanes: 4),
            await MeasureMemoryAsync(),
        ];

        Task<Comparison> MeasureAsync(string name, int batchSize, RawApply? apply, int lanes = 1) => PairedRuns.MeasureAsync(
            name,
            Units.EventsPerSecond,
            context.Options.Runs,
            async () => await (await RunProductAsync(database, last, batchSize, lanes, cancellationToken)).Rate,
            () => RunRawAsync(database, batchSize, apply, cancellationToken));

        async Task<Comparison> MeasureMemoryAsync()
        {
            int payload = SampleEvents.Create().Payload.Length;
            Comparison bytes = await PairedRuns.MeasureAsync(
                "bytes allocated an event beyond its payload, BatchSize 1000; raw: reads only",
                "B",
                context.Options.Runs,
                async () => (await RunProductAsync(database, last, batchSize: 1_000, lanes: 1, cancellationToken)).AllocatedBytes - payload,
                async () => await AllocatedByRawAsync(database, pageSize: 1_000, cancellationToken) - payload);
            return bytes with { Goal = Goal.Figure(100) };
        }
    }

    private static IEnumerable<NpgsqlBatchCommand> Nothing(IReadOnlyList<PersistedEvent> events) => [];

    /// <summary>One worker goes through the log.</summary>
    /// <param name="database">Where the log is.</param>
    /// <param name="events">How many events it has.</param>
    /// <param name="batchSize">The most events of a batch.</param>
    /// <param name="lanes">In how many parts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="configure">Changes the host's services.</param>
    /// <returns>What was measured.</returns>
    internal static async Task<CatchUpProbe> RunProductAsync(
        BenchmarkDatabase database, long events, int batchSize, int lanes, CancellationToken cancellationToken, Action<IServiceCollection>? configure = null)
    {
        var probe = new CatchUpProbe(events);
        using IHost host = Worker.Create(
            database.ConnectionString,
            Worker.NewReplicaSet(),
            probe,
            replicaSet =>
            {
                replicaSet.AddProjection<EmptyProjection>();
                configure?.Invoke(replicaSet.Services);
            },
            options => (options.BatchSize, options.Lanes) = (batchSize, lanes));
        await host.StartAsync(cancellationToken);
        await probe.Rate.WaitAsync(cancellationToken);
        await host.StopAsync(cancellationToken);
        return probe;
    }

    private static async Task<double> RunRawAsync(BenchmarkDatabase database, int pageSize, RawApply? apply, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        long events = await new RawProjection(database.DataSource).RunAsync(pageSize, apply, cancellationToken);
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> AllocatedByRawAsync(BenchmarkDatabase database, int pageSize, CancellationToken cancellationToken)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        long events = await new RawProjection(database.DataSource).RunAsync(pageSize, apply: null, cancellationToken);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)events;
    }

    /// <summary>Does nothing but be counted.</summary>
    private sealed class EmptyProjection(CatchUpProbe probe) : IProjection
    {
        // Each batch has a projection of its own.
        private int _handled;

        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            if (_handled++ == 0)
            {
                context.OnCommitted(() => probe.Committed(_handled));
            }

            return ValueTask.CompletedTask;
        }
    }
}
