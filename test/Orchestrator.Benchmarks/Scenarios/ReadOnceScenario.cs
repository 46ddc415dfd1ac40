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

    private const string Stopped = "stopped";

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
        var uneven = new List<Pair>();
        var added = new List<Pair>();
        var joining = new List<Pair>();
        var seconds = new List<Pair>();
        for (int run = 0; run <= context.Options.Runs; run++)
        {
            Outcome all = await RunSettledAsync(database, log, events, Workers, replicaSet => Add(replicaSet, Projections), cancellationToken);
            Outcome single = await RunSettledAsync(database, log, events, workers: 1, replicaSet => Add(replicaSet, Projections[..1]), cancellationToken);
            Outcome slow = await RunSettledAsync(database, log, events, Workers, AddUneven, cancellationToken);
            Outcome late = await RunAddedAsync(database, log, cancellationToken);
            Outcome joined = await RunJoiningAsync(database, log, cancellationToken);
            if (run > 0)
            {
                settled.Add(new Pair(all.Rows, events));
                uneven.Add(new Pair(slow.Rows, events));
                added.Add(new Pair(late.Rows, WarmUpEvents + events));
                joining.Add(new Pair(joined.Rows, WarmUpEvents + events));
                seconds.Add(new Pair(all.Seconds, single.Seconds));
            }
        }

        return
        [
            new Comparison("rows delivered, the workers stay; raw: the events", "rows", settled) { Goal = Goal.Ratio(1.05) },
            new Comparison("rows delivered, one projection is slow and one has stopped; raw: the events", "rows", uneven) { Goal = Goal.Ratio(1.05) },
            new Comparison("rows delivered to a projection that is new and starts from the beginning beside three at the end; raw: the events", "rows", added) { Goal = Goal.Ratio(1.05) },
            new Comparison("rows delivered, three workers join the first while it reads; raw: the events", "rows", joining),
            new Comparison("time, the workers stay; raw: one projection, one worker, of the product", "s", seconds),
        ];
    }

    // The workers have shared the slots between them, and read a little, before the events appear, all at once.
    private static async Task<Outcome> RunSettledAsync(
        BenchmarkDatabase database, SampleLog log, int events, int workers, Action<IReplicaSetBuilder> addProjections, CancellationToken cancellationToken)
    {
        await log.ClearAsync(cancellationToken);
        var counter = new NextEvent();
        await using var group = WorkerGroup.Of(database, counter, addProjections);
        await group.StartAsync(workers, cancellationToken);
        await group.WaitForGenerationAsync(cancellationToken);
        await group.WaitForPositionAsync(await log.AddAsync(WarmUpEvents, cancellationToken), cancellationToken, Stopped);
        return await MeasureAsync(database, group, counter.Next(), () => log.AddAsync(events, cancellationToken), cancellationToken);
    }

    // Three projections have read everything, and the workers are started again with a fourth.
    private static async Task<Outcome> RunAddedAsync(BenchmarkDatabase database, SampleLog log, CancellationToken cancellationToken)
    {
        string[] projections = Projections[..3];
        var counter = new NextEvent();
        await using var group = new WorkerGroup(database, replicaSet => Worker.Create(database.ConnectionString, replicaSet, counter, builder => Add(builder, projections)));
        await group.StartAsync(Workers, cancellationToken);
        await group.WaitForGenerationAsync(cancellationToken);
        await group.WaitForPositionAsync(await log.LastPositionAsync(cancellationToken), cancellationToken);
        while (group.Count > 0)
        {
            await group.StopOneAsync(cancellationToken);
        }

        projections = Projections;
        return await MeasureAsync(database, group, counter.Next(), StartAsync, cancellationToken);

        async Task<long> StartAsync()
        {
            await group.StartAsync(Workers, cancellationToken);
            await database.WaitForAsync($"SELECT count(*) FROM projection_checkpoints WHERE replica_set = '{group.ReplicaSet}' AND projection_name = '{Projections[^1]}'", cancellationToken);
            return await log.LastPositionAsync(cancellationToken);
        }
    }

    // The others join in the middle of the log.
    private static async Task<Outcome> RunJoiningAsync(BenchmarkDatabase database, SampleLog log, CancellationToken cancellationToken)
    {
        var counter = new NextEvent();
        await using var group = WorkerGroup.Of(database, counter, replicaSet => Add(replicaSet, Projections));
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
        await group.WaitForPositionAsync(await start(), cancellationToken, Stopped);
        double seconds = Stopwatch.GetElapsedTime(await firstEvent).TotalSeconds;
        long rows = await database.NumberAsync(
            "SELECT sum(rows) FROM pg_stat_statements WHERE query LIKE '%hashtextextended(aggregate_id%' AND query NOT LIKE '%pg_stat_statements%'", cancellationToken);
        return new Outcome(rows, seconds);
    }

    private static IReplicaSetBuilder Add(IReplicaSetBuilder replicaSet, IEnumerable<string> projections) =>
        projections.Aggregate(replicaSet, (builder, projection) => builder.AddProjection<EmptyProjection>(projection));

    private static void AddUneven(IReplicaSetBuilder replicaSet) =>
        Add(replicaSet, Projections[..2]).AddProjection<SlowProjection>("slow").AddProjection<FailingProjection>(Stopped, options => options.Retry.MaxAttempts = 1);

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

    /// <summary>Takes about as long for 1,000 events as the others for 20,000.</summary>
    private sealed class SlowProjection : IBatchProjection
    {
        public async ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken) =>
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
    }

    /// <summary>Fails at its first event, for good.</summary>
    private sealed class FailingProjection : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken) => throw new FormatException("This projection stops.");
    }
}
