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

    public string Question => "Events appended a second, beside one prepared statement an append.";

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        return
        [
            await MeasureAsync(database, context, new Load(Clients: 1, Appends: 2_000, Events: 1), cancellationToken),
            await MeasureAsync(database, context, new Load(Clients: 8, Appends: 1_000, Events: 1), cancellationToken),
            await MeasureAsync(database, context, new Load(Clients: 1, Appends: 400, Events: 100), cancellationToken),
        ];
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
