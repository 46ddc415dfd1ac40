using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Raw;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>How fast one projection writes a read model: a statement an event, and a statement a batch.</summary>
internal sealed class UpsertScenario : IScenario
{
    private const int BatchSize = 1_000;

    public string Name => "upsert";

    public string Question => "Events a second into a read model, beside a loop that reads the same pages and runs the same statements.";

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        long last = await SampleEvents.AppendLogAsync(database, context.Options.EventsOr(100_000), cancellationToken);
        await database.ExecuteAsync($"{RawProjection.CheckpointTable}; {RawUpserts.Table}", cancellationToken);
        return
        [
            await MeasureAsync<UpsertEach>("Enqueue, a statement an event", RawUpserts.OneByOne) with { Goal = Goal.Ratio(0.8) },
            await MeasureAsync<UpsertBatch>("IBatchProjection, a statement a batch", RawUpserts.AllAtOnce) with { Goal = Goal.Ratio(0.8) },
        ];

        Task<Comparison> MeasureAsync<TProjection>(string name, RawApply apply)
            where TProjection : class => PairedRuns.MeasureAsync(
                name,
                Units.EventsPerSecond,
                context.Options.Runs,
                () => RunProductAsync<TProjection>(database, last, cancellationToken),
                () => RunRawAsync(database, apply, cancellationToken));
    }

    private static async Task<double> RunProductAsync<TProjection>(BenchmarkDatabase database, long last, CancellationToken cancellationToken)
        where TProjection : class
    {
        await database.ExecuteAsync("TRUNCATE read_model", cancellationToken);
        var probe = new CatchUpProbe(last);
        using IHost host = Worker.Create(
            database.ConnectionString, Worker.NewReplicaSet(), probe, replicaSet => replicaSet.AddProjection<TProjection>(), options => options.BatchSize = BatchSize);
        await host.StartAsync(cancellationToken);
        double rate = await probe.Rate.WaitAsync(cancellationToken);
        await host.StopAsync(cancellationToken);
        return rate;
    }

    private static async Task<double> RunRawAsync(BenchmarkDatabase database, RawApply apply, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("TRUNCATE read_model", cancellationToken);
        long started = Stopwatch.GetTimestamp();
        long events = await new RawProjection(database.DataSource).RunAsync(BatchSize, apply, cancellationToken);
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private sealed class UpsertEach(CatchUpProbe probe) : IProjection
    {
        // Each batch has a projection of its own.
        private int _handled;

        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.Enqueue(RawUpserts.OneSql, e.AggregateId, e.AggregateVersion);
            if (_handled++ == 0)
            {
                context.OnCommitted(() => probe.Committed(_handled));
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class UpsertBatch(CatchUpProbe probe) : IBatchProjection
    {
        public ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.Enqueue(RawUpserts.ManySql, events.Select(e => e.AggregateId).ToArray(), events.Select(e => e.AggregateVersion).ToArray());
            context.OnCommitted(() => probe.Committed(events.Count));
            return ValueTask.CompletedTask;
        }
    }
}
