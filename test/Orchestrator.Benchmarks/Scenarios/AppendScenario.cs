using System.Diagnostics;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Raw;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Events;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>How fast clients append to aggregates of their own, each commit waiting for the disk.</summary>
internal sealed class AppendScenario : IScenario
{
    private const string AggregateType = "Order";

    public string Name => "append";

    public string Question => "Events appended a second, beside one prepared statement an append; and what telling the readers costs it.";

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        return
        [
            await MeasureAsync(database, context, new Load(Clients: 1, Appends: 2_000, Events: 1), cancellationToken),
            await MeasureAsync(database, context, new Load(Clients: 8, Appends: 1_000, Events: 1), cancellationToken),
            await MeasureAsync(database, context, new Load(Clients: 1, Appends: 400, Events: 100), cancellationToken),
            await MeasureImportAsync(database, context, cancellationToken),
            await MeasureWakeUpAsync(database, context, new Load(Clients: 8, Appends: 1_000, Events: 1), cancellationToken),
        ];
    }

    private static async Task<Comparison> MeasureImportAsync(BenchmarkDatabase database, ScenarioContext context, CancellationToken cancellationToken)
    {
        var raw = new RawBulkAppend(database.DataSource);
        int appends = context.Options.Scaled(10);
        Comparison comparison = await PairedRuns.MeasureAsync(
            "import: 1,000 new aggregates with 10 events each, an append",
            Units.EventsPerSecond,
            context.Options.Runs,
            () => ImportAsync(appends, aggregates => database.Store.AppendBulkAsync(aggregates, cancellationToken: cancellationToken)),
            () => ImportAsync(appends, aggregates => raw.AppendAsync(aggregates, cancellationToken)));
        return comparison with { Goal = Goal.Ratio(0.9) };
    }

    private static async Task<double> ImportAsync(int appends, Func<IReadOnlyList<AggregateAppend>, Task> append)
    {
        const int Aggregates = 1_000;
        const int Events = 10;
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < appends; i++)
        {
            await append(
            [
                .. Enumerable.Range(0, Aggregates).Select(_ => new AggregateAppend(
                    AggregateType, Guid.NewGuid().ToString(), ExpectedVersion.NoStream, [.. Enumerable.Range(0, Events).Select(_ => SampleEvents.Create())])),
            ]);
        }

        return appends * Aggregates * Events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<Comparison> MeasureWakeUpAsync(BenchmarkDatabase database, ScenarioContext context, Load usual, CancellationToken cancellationToken)
    {
        Load load = usual with { Appends = context.Options.Scaled(usual.Appends) };
        await using var silent = new SilentStore(database);
        Comparison comparison = await PairedRuns.MeasureAsync(
            $"{load.Clients} clients, 1 event an append; raw: the product without notifications", Units.EventsPerSecond, context.Options.Runs, () => RunOnAsync(database.Store), () => RunOnAsync(silent.Store));
        return comparison with { Goal = Goal.Ratio(0.95) };

        Task<double> RunOnAsync(IEventStore store) =>
            RunAsync(store, load, (id, version, events) => store.AppendAsync(AggregateType, id, ExpectedVersion.Exact(version), events, cancellationToken: cancellationToken), cancellationToken);
    }

    private static async Task<Comparison> MeasureAsync(BenchmarkDatabase database, ScenarioContext context, Load usual, CancellationToken cancellationToken)
    {
        Load load = usual with { Appends = context.Options.Scaled(usual.Appends) };
        var raw = new RawAppend(database.DataSource);
        Comparison comparison = await PairedRuns.MeasureAsync(
            $"{load.Clients} client{(load.Clients == 1 ? "" : "s")}, {load.Events} event{(load.Events == 1 ? "" : "s")} an append",
            Units.EventsPerSecond,
            context.Options.Runs,
            () => RunAsync(database.Store, load, (id, version, events) => database.Store.AppendAsync(AggregateType, id, ExpectedVersion.Exact(version), events, cancellationToken: cancellationToken), cancellationToken),
            () => RunAsync(database.Store, load, (id, version, events) => raw.AppendAsync(AggregateType, id, version, events, cancellationToken), cancellationToken));
        return comparison with { Goal = Goal.Ratio(0.9) };
    }

    private static async Task<double> RunAsync(IEventStore store, Load load, Func<string, long, EventData[], Task> append, CancellationToken cancellationToken)
    {
        string[] ids = [.. Enumerable.Range(0, load.Clients).Select(_ => Guid.NewGuid().ToString())];
        foreach (string id in ids)
        {
            await store.AppendAsync(AggregateType, id, ExpectedVersion.NoStream, [SampleEvents.Create()], cancellationToken: cancellationToken);
        }

        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(ids.Select(RunClientAsync));
        return load.Clients * load.Appends * load.Events / Stopwatch.GetElapsedTime(started).TotalSeconds;

        async Task RunClientAsync(string id)
        {
            for (int i = 0; i < load.Appends; i++)
            {
                EventData[] events = [.. Enumerable.Range(0, load.Events).Select(_ => SampleEvents.Create())];
                await append(id, 1 + ((long)i * load.Events), events);
            }
        }
    }

    private sealed record Load(int Clients, int Appends, int Events);
}
