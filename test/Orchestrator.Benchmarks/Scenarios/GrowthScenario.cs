using Orchestrator.Benchmarks.Growth;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>What becomes slower or larger as the log, the number of projections, the events and the number of batches grow. Nothing should.</summary>
internal sealed class GrowthScenario : IScenario
{
    // Some batches must fit into a tenth of it.
    private const int FewestEvents = 40_000;

    public string Name => "growth";

    public string Question => "Catching up at the end of a log of ten million events, beside its beginning; memory; many projections; large events; tables behind very many updates.";

    // The log is filled at once, which is nobody's workload: without this the server writes every page twice meanwhile. And 64 projections take 64 connections.
    public IReadOnlyDictionary<string, string> ServerSettings { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["max_wal_size"] = "8GB", ["max_connections"] = "200" };

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        bool quick = context.Options.Quick;
        int events = Math.Max(context.Options.Events ?? (quick ? 0 : 10_000_000), FewestEvents);
        int runs = context.Options.Runs;
        return
        [
            .. await OnAsync(context, async database => await LongCatchUp.MeasureAsync(
                database, await LongLog.FillAsync(database, events, cancellationToken), runs, cancellationToken), cancellationToken),
            .. await OnAsync(context, async database =>
                [await ManyProjections.MeasureAsync(database, await LongLog.FillAsync(database, quick ? 2_000 : 100_000, cancellationToken), runs, cancellationToken)], cancellationToken),
            .. await OnAsync(context, database => LargePayloads.MeasureAsync(database, quick ? 20 : 300, runs, cancellationToken), cancellationToken),
            .. await OnAsync(context, database => new SmallUpdates(database).MeasureAsync(context.Options.Updates ?? (quick ? 20_000 : 1_000_000), cancellationToken), cancellationToken),
        ];
    }

    private static async Task<IReadOnlyList<Comparison>> OnAsync(ScenarioContext context, Func<BenchmarkDatabase, Task<IReadOnlyList<Comparison>>> measure, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        return await measure(database);
    }
}
