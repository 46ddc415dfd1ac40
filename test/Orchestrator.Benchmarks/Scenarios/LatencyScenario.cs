using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Raw;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>How long after its append has returned an event is applied and committed, in another loop of this process.</summary>
internal sealed class LatencyScenario : IScenario
{
    private const string AggregateType = "Order";
    private static readonly Pace Idle = new(TimeSpan.FromMilliseconds(50), 200);
    private static readonly Pace Busy = new(TimeSpan.FromMilliseconds(5), 1_000);

    public string Name => "latency";

    public string Question => "Milliseconds from the append's return to the read model's commit, beside append, NOTIFY, read and commit by hand. Less is better.";

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        await database.ExecuteAsync(RawProjection.CheckpointTable, cancellationToken);
        return
        [
            .. await MeasureAsync("idle, 20 events/s", Idle, Goal.Figure(5), Goal.Figure(25)),
            .. await MeasureAsync("200 events/s", Busy, p50: null, p99: null),
            .. await MeasureHalfLoadAsync(database, context, cancellationToken),
        ];

        async Task<IReadOnlyList<Comparison>> MeasureAsync(string name, Pace usual, Goal? p50, Goal? p99)
        {
            Pace pace = usual with { Events = context.Options.Scaled(usual.Events) };
            IReadOnlyList<Comparison> parts = await PairedRuns.MeasureAsync(
                [$"{name}: p50", $"{name}: p99"],
                "ms",
                context.Options.Runs,
                () => RunProductAsync(database, (applied, append) => RunAtPaceAsync(applied, pace, e => append("product", e), static () => Task.CompletedTask, cancellationToken), cancellationToken),
                () => RunRawAsync(database, (applied, append, notify) => RunAtPaceAsync(applied, pace, e => append(0, e), notify, cancellationToken), cancellationToken));
            return [parts[0] with { Part = new DistributionPart(name, 0.5), Goal = p50 }, parts[1] with { Part = new DistributionPart(name, 0.99), Goal = p99 }];
        }
    }

    private static async Task<IReadOnlyList<Comparison>> MeasureHalfLoadAsync(BenchmarkDatabase database, ScenarioContext context, CancellationToken cancellationToken)
    {
        TimeSpan duration = TimeSpan.FromSeconds(context.Options.Quick ? 1 : 10);
        var applied = new AppliedEvents();
        using IHost worker = CreateWorker(database, applied);
        await worker.StartAsync(cancellationToken);
        HalfLoad load = await HalfLoad.FindAsync(database.Store, duration, cancellationToken);
        await worker.StopAsync(cancellationToken);
        IReadOnlyList<Comparison> parts = await PairedRuns.MeasureAsync(
            [$"{load.Name}: p50", $"{load.Name}: p99"],
            "ms",
            context.Options.Runs,
            () => RunProductAsync(database, (seen, append) => load.MeasureAsync(seen, (client, e) => append($"half-{client}", e), static () => Task.CompletedTask, cancellationToken), cancellationToken),
            () => RunRawAsync(database, (seen, append, notify) => load.MeasureAsync(seen, append, notify, cancellationToken), cancellationToken));
        return [parts[0] with { Part = new DistributionPart(load.Name, 0.5) }, parts[1] with { Part = new DistributionPart(load.Name, 0.99), Goal = Goal.Figure(100) }];
    }

    private static IHost CreateWorker(BenchmarkDatabase database, AppliedEvents applied) =>
        Worker.Create(database.ConnectionString, "latency", applied, replicaSet => replicaSet.AddProjection<Witness>());

    private static async Task<double[]> RunProductAsync(
        BenchmarkDatabase database, Func<AppliedEvents, Func<string, EventData, Task>, Task<double[]>> measure, CancellationToken cancellationToken)
    {
        var applied = new AppliedEvents();
        using IHost host = CreateWorker(database, applied);
        await host.StartAsync(cancellationToken);
        await WaitForWorkerAsync(database, applied, cancellationToken);
        double[] figures = await measure(applied, (id, e) => database.Store.AppendAsync(AggregateType, id, ExpectedVersion.Any, [e], cancellationToken: cancellationToken));
        await host.StopAsync(cancellationToken);
        return figures;
    }

    // The first event finds the worker wherever it is in its start, and is not counted.
    private static async Task WaitForWorkerAsync(BenchmarkDatabase database, AppliedEvents applied, CancellationToken cancellationToken)
    {
        EventData first = SampleEvents.Create();
        Task<long> seen = applied.Expect(first.EventId);
        await database.Store.AppendAsync(AggregateType, "first", ExpectedVersion.Any, [first], cancellationToken: cancellationToken);
        await seen.WaitAsync(cancellationToken);
    }

    private static async Task<double[]> RunRawAsync(
        BenchmarkDatabase database, Func<AppliedEvents, Func<int, EventData, Task>, Func<Task>, Task<double[]>> measure, CancellationToken cancellationToken)
    {
        var applied = new AppliedEvents();
        var append = new RawAppend(database.DataSource);
        var subscription = new RawSubscription(database.DataSource);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long last = await database.NumberAsync("SELECT coalesce(max(global_position), 0) FROM events", cancellationToken);
        Task running = subscription.RunAsync(last, listening, events => events.ToList().ForEach(e => applied.Applied(e.EventId)), stop.Token);
        await listening.Task.WaitAsync(cancellationToken);
        long[] versions = await CreateRawAggregatesAsync(database, cancellationToken);
        using var turn = new SemaphoreSlim(1, 1);
        double[] figures = await measure(applied, AppendAsync, () => subscription.NotifyAsync(cancellationToken));
        await stop.CancelAsync();
        await running;
        return figures;

        // Raw reads on behind the greatest position that it has seen, and would never see what commits behind its back: so its clients take turns.
        async Task AppendAsync(int client, EventData e)
        {
            await turn.WaitAsync(cancellationToken);
            try
            {
                await append.AppendAsync(AggregateType, $"raw-{client}", versions[client]++, [e], cancellationToken);
            }
            finally
            {
                turn.Release();
            }
        }
    }

    // One for each client, and where it stands.
    private static async Task<long[]> CreateRawAggregatesAsync(BenchmarkDatabase database, CancellationToken cancellationToken)
    {
        var versions = new long[HalfLoad.Clients];
        for (int client = 0; client < versions.Length; client++)
        {
            await database.ExecuteAsync($"INSERT INTO aggregate_heads VALUES ('{AggregateType}', 'raw-{client}', 0) ON CONFLICT DO NOTHING", cancellationToken);
            versions[client] = await database.NumberAsync($"SELECT aggregate_version FROM aggregate_heads WHERE aggregate_id = 'raw-{client}'", cancellationToken);
        }

        return versions;
    }

    private static async Task<double[]> RunAtPaceAsync(AppliedEvents applied, Pace pace, Func<EventData, Task> append, Func<Task> notify, CancellationToken cancellationToken)
    {
        var latencies = new List<Task<double>>(pace.Events);
        using var timer = new PeriodicTimer(pace.Interval);
        for (int i = 0; i < pace.Events; i++)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            latencies.Add(await AppendAsync());
        }

        double[] milliseconds = await Task.WhenAll(latencies).WaitAsync(cancellationToken);
        return [Statistics.Percentile(milliseconds, 0.5), Statistics.Percentile(milliseconds, 0.99)];

        async Task<Task<double>> AppendAsync()
        {
            EventData e = SampleEvents.Create();
            Task<long> seen = applied.Expect(e.EventId);
            await append(e);
            long appended = Stopwatch.GetTimestamp();
            await notify();
            return SinceAsync(appended, seen);
        }
    }

    private static async Task<double> SinceAsync(long appended, Task<long> seen) => Stopwatch.GetElapsedTime(appended, await seen).TotalMilliseconds;

    private sealed record Pace(TimeSpan Interval, int Events);

    private sealed class Witness(AppliedEvents applied) : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.OnCommitted(() => applied.Applied(e.EventId));
            return ValueTask.CompletedTask;
        }
    }
}
