using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Events;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Projections;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>
/// How many rows PostgreSQL delivers to four workers with four projections each. Counted by the server itself (pg_stat_statements). The workers are hosts in this process.
/// </summary>
internal sealed class ReadOnceScenario : IScenario
{
    private const int Workers = 4;

    // Pages from before a connection was opened are not used with it. Connections are opened while these are read.
    private const int WarmUpEvents = 20_000;

    private static readonly string[] Projections = ["one", "two", "three", "four"];

    public string Name => "readonce";

    public string Question => "Rows of the log that PostgreSQL delivers to 4 projections in 4 workers, beside one row an event. Less is better; 1.00 is the least possible.";

    public IReadOnlyDictionary<string, string> ServerSettings { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["shared_preload_libraries"] = "pg_stat_statements" };

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        int events = context.Options.EventsOr(200_000);
        var log = await SampleLog.CreateAsync(database, WarmUpEvents + events, cancellationToken);
        await database.ExecuteAsync("CREATE EXTENSION pg_stat_statements", cancellationToken);
        var settled = new List<Pair>();
        var joining = new List<Pair>();
        var seconds = new List<Pair>();
        for (int run = 0; run <= context.Options.Runs; run++)
        {
            Outcome all = await RunSettledAsync(database, log, events, Workers, Projections, cancellationToken);
            Outcome single = await RunSettledAsync(database, log, events, workers: 1, Projections[..1], cancellationToken);
            Outcome joined = await RunJoiningAsync(database, log, cancellationToken);
            if (run > 0)
            {
                settled.Add(new Pair(all.Rows, events));
                joining.Add(new Pair(joined.Rows, WarmUpEvents + events));
                seconds.Add(new Pair(all.Seconds, single.Seconds));
            }
        }

        return
        [
            new Comparison("rows delivered, the workers stay; raw: the events", "rows", settled) { Goal = Goal.Ratio(1.05) },
            new Comparison("rows delivered, three workers join the first while it reads; raw: the events", "rows", joining),
            new Comparison("time, the workers stay; raw: one projection, one worker, of the product", "s", seconds),
        ];
    }

    // The workers have shared the slots between them, and read a little, before the events appear, all at once.
    private static async Task<Outcome> RunSettledAsync(
        BenchmarkDatabase database, SampleLog log, int events, int workers, IReadOnlyList<string> projections, CancellationToken cancellationToken)
    {
        await log.ClearAsync(cancellationToken);
        var counter = new NextEvent();
        await using var group = WorkerGroup.Of(database, counter, replicaSet => Add(replicaSet, projections), options => options.BatchSize = 1_000);
        await group.StartAsync(workers, cancellationToken);
        await group.WaitForGenerationAsync(cancellationToken);
        await group.WaitForPositionAsync(await log.AddAsync(WarmUpEvents, cancellationToken), cancellationToken);
        return await MeasureAsync(database, group, counter.Next(), () => log.AddAsync(events, cancellationToken), cancellationToken);
    }

    // The others join in the middle of the log.
    private static async Task<Outcome> RunJoiningAsync(BenchmarkDatabase database, SampleLog log, CancellationToken cancellationToken)
    {
        var counter = new NextEvent();
        await using var group = WorkerGroup.Of(database, counter, replicaSet => Add(replicaSet, Projections), options => options.BatchSize = 1_000);
        Task<long> first = counter.Next();
        return await MeasureAsync(database, group, first, StartAsync, cancellationToken);

        async Task<long> StartAsync()
        {
            await group.StartAsync(1, cancellationToken);
            await first.WaitAsync(cancellationToken);
            await group.StartAsync(Workers - 1, cancellationToken);
            return await log.LastPositionAsync(cancellationToken);
        }
    }

    private static async Task<Outcome> MeasureAsync(BenchmarkDatabase database, WorkerGroup group, Task<long> firstEvent, Func<Task<long>> start, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("SELECT pg_stat_statements_reset()", cancellationToken);
        await group.WaitForPositionAsync(await start(), cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(await firstEvent).TotalSeconds;
        long rows = await database.NumberAsync(
            "SELECT sum(rows) FROM pg_stat_statements WHERE query LIKE '%octet_length(payload)%' AND query NOT LIKE '%pg_stat_statements%'", cancellationToken);
        return new Outcome(rows, seconds);
    }

    private static void Add(IReplicaSetBuilder replicaSet, IEnumerable<string> projections)
    {
        foreach (string projection in projections)
        {
            replicaSet.AddProjection<EmptyProjection>(projection);
        }
    }

    private sealed record Outcome(long Rows, double Seconds);

    /// <summary>Says when the next event reaches any handler.</summary>
    private sealed class NextEvent
    {
        private TaskCompletionSource<long>? _next;

        public Task<long> Next()
        {
            var next = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _next, next);
            return next.Task;
        }

        public void Note()
        {
            if (Volatile.Read(ref _next) is not null)
            {
                Interlocked.Exchange(ref _next, null)?.TrySetResult(Stopwatch.GetTimestamp());
            }
        }
    }

    private sealed class EmptyProjection(NextEvent next) : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            next.Note();
            return ValueTask.CompletedTask;
        }
    }
}
