using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>
/// How many rows PostgreSQL delivers to four workers with four projections each. Counted by the server itself (pg_stat_statements). The workers are hosts in this process.
/// </summary>
internal sealed class ReadOnceScenario : IScenario
{
    private const int Workers = 4;

    public string Name => "readonce";

    public string Question => "Rows of the log that PostgreSQL delivers to 4 projections in 4 workers, beside one row an event. Less is better; 1.00 is the least possible.";

    public IReadOnlyDictionary<string, string> ServerSettings { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["shared_preload_libraries"] = "pg_stat_statements" };

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        int events = context.Options.EventsOr(200_000);
        long last = await SampleEvents.AppendLogAsync(database, events, cancellationToken);
        await database.ExecuteAsync("CREATE EXTENSION pg_stat_statements", cancellationToken);
        var rows = new List<Pair>();
        var seconds = new List<Pair>();
        for (int run = 0; run <= context.Options.Runs; run++)
        {
            Outcome all = await RunAsync(database, last, Workers, AddFour, cancellationToken);
            Outcome single = await RunAsync(database, last, workers: 1, static replicaSet => replicaSet.AddProjection<EmptyProjection>("one"), cancellationToken);
            if (run > 0)
            {
                rows.Add(new Pair(all.Rows, events));
                seconds.Add(new Pair(all.Seconds, single.Seconds));
            }
        }

        return [new Comparison("rows delivered; raw: the events", "rows", rows), new Comparison("time; raw: one projection, one worker, of the product", "s", seconds)];
    }

    private static void AddFour(Orchestrator.Hosting.DependencyInjection.IReplicaSetBuilder replicaSet) =>
        replicaSet.AddProjection<EmptyProjection>("one").AddProjection<EmptyProjection>("two").AddProjection<EmptyProjection>("three").AddProjection<EmptyProjection>("four");

    private static async Task<Outcome> RunAsync(
        BenchmarkDatabase database, long last, int workers, Action<Orchestrator.Hosting.DependencyInjection.IReplicaSetBuilder> addProjections, CancellationToken cancellationToken)
    {
        string replicaSet = Worker.NewReplicaSet();
        var start = new FirstEvent();
        List<IHost> hosts = [.. Enumerable.Range(0, workers).Select(_ => Worker.Create(database, replicaSet, start, addProjections, options => options.BatchSize = 1_000))];
        await database.ExecuteAsync("SELECT pg_stat_statements_reset()", cancellationToken);
        await Task.WhenAll(hosts.Select(host => host.StartAsync(cancellationToken)));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        string behind = $"SELECT count(*) FILTER (WHERE position < {last}) + (count(*) = 0)::int FROM projection_checkpoints WHERE replica_set = '{replicaSet}'";
        while (await database.NumberAsync(behind, cancellationToken) > 0)
        {
            await look.WaitForNextTickAsync(cancellationToken);
        }

        double seconds = Stopwatch.GetElapsedTime(start.Timestamp).TotalSeconds;
        long rows = await database.NumberAsync(
            "SELECT sum(rows) FROM pg_stat_statements WHERE query LIKE '%octet_length(payload)%' AND query NOT LIKE '%pg_stat_statements%'", cancellationToken);
        await Task.WhenAll(hosts.Select(host => host.StopAsync(cancellationToken)));
        hosts.ForEach(host => host.Dispose());
        return new Outcome(rows, seconds);
    }

    private sealed record Outcome(long Rows, double Seconds);

    /// <summary>When the first event reached any handler.</summary>
    private sealed class FirstEvent
    {
        private long _timestamp;

        public long Timestamp => Interlocked.Read(ref _timestamp);

        public void Note()
        {
            if (Timestamp == 0)
            {
                Interlocked.CompareExchange(ref _timestamp, Stopwatch.GetTimestamp(), 0);
            }
        }
    }

    private sealed class EmptyProjection(FirstEvent start) : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            start.Note();
            return ValueTask.CompletedTask;
        }
    }
}
