using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Raw;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>
/// How long after the end of a worker process another worker has applied and committed an event of its slots, while events are appended. Two workers; every other time the one that dies leads.
/// The survivor is a host in this process. Default settings, but for the heartbeat that a freeze is noticed by.
/// </summary>
internal sealed class TakeoverScenario : IScenario
{
    private const int KillsPerRun = 7;

    private static readonly TimeSpan StaleWorkerTimeout = TimeSpan.FromSeconds(3);

    public string Name => "takeover";

    public string Question => "Milliseconds from kill -9 of a worker to the first event of its slots that another has committed, beside noticing its freed lock. Less is better.";

    /// <summary>The settings of every worker here.</summary>
    public static void Configure(ReplicaSetOptions options)
    {
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(500);
        options.StaleWorkerTimeout = StaleWorkerTimeout;
    }

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        int kills = context.Options.Runs * context.Options.Scaled(KillsPerRun);
        int freezes = context.Options.Quick ? 1 : 4;
        await KillAsync(database, victimLeads: false, cancellationToken);
        var killed = new List<Pair>();
        for (int kill = 0; kill < kills; kill++)
        {
            killed.Add(await KillAsync(database, victimLeads: kill % 2 == 1, cancellationToken));
        }

        var frozen = new List<Pair>();
        for (int freeze = 0; freeze < freezes; freeze++)
        {
            double milliseconds = await RunAsync(database, victimLeads: freeze % 2 == 1, lockKey: 0, static victim => victim.Freeze(), cancellationToken);
            frozen.Add(new Pair(milliseconds, StaleWorkerTimeout.TotalMilliseconds));
        }

        return
        [
            new Comparison("kill -9; raw: its lock is free", "ms", killed),
            .. Distribution.Of("kill -9", "ms", [.. killed.Select(pair => pair.Product)], [.. killed.Select(pair => pair.Raw)], p99: 1_000),
            new Comparison("SIGSTOP; raw: StaleWorkerTimeout", "ms", frozen) { Goal = Goal.Figure(5_000) },
        ];
    }

    private static async Task<Pair> KillAsync(BenchmarkDatabase database, bool victimLeads, CancellationToken cancellationToken)
    {
        long lockKey = Random.Shared.NextInt64();
        await using NpgsqlConnection waiting = await RawLock.OpenAsync(database.ConnectionString, cancellationToken);
        Task<long>? freed = null;
        long killedAt = 0;
        double product = await RunAsync(
            database,
            victimLeads,
            lockKey,
            victim =>
            {
                freed = RawLock.TakeAsync(waiting, lockKey, cancellationToken);
                return killedAt = victim.Kill();
            },
            cancellationToken);
        return new Pair(product, Stopwatch.GetElapsedTime(killedAt, await freed!).TotalMilliseconds);
    }

    private static async Task<double> RunAsync(BenchmarkDatabase database, bool victimLeads, long lockKey, Func<WorkerProcess, long> strike, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("TRUNCATE events", cancellationToken);
        await using var appends = SteadyAppends.Start(database);
        var times = new CommitTimes();
        await using var group = WorkerGroup.Of(database, times, static replicaSet => replicaSet.AddProjection<CommitWitness>(CommitWitness.Name), Configure);
        if (!victimLeads)
        {
            await group.StartAsync(1, cancellationToken);
            await group.WaitForGenerationAsync(cancellationToken);
        }

        using WorkerProcess victim = await WorkerProcess.StartAsync(cancellationToken);
        await victim.RunAsync(new WorkerOrder(database.ConnectionString, group.ReplicaSet, WorkerWork.Die) { LockKey = lockKey }, cancellationToken);
        if (victimLeads)
        {
            await group.WaitForGenerationAsync(cancellationToken, elsewhere: 1);
            await group.StartAsync(1, cancellationToken);
        }

        // Once the survivor has committed something of each aggregate that is its own. On a machine that starves processes, a worker may be given up for dead meanwhile.
        long generation;
        do
        {
            generation = await group.WaitForGenerationAsync(cancellationToken, elsewhere: 1);
            await group.Progress.WaitForNextEventsAsync(cancellationToken);
        }
        while (generation != await group.WaitForGenerationAsync(cancellationToken, elsewhere: 1));

        IReadOnlySet<string> own = times.AggregatesOf(generation);
        return await MeasureAsync(times, generation, own, strike(victim), cancellationToken);
    }

    private static async Task<double> MeasureAsync(CommitTimes times, long generation, IReadOnlySet<string> own, long struckAt, CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (true)
        {
            if (times.FirstOfOthers(generation, own) is { } first)
            {
                return Stopwatch.GetElapsedTime(struckAt, first).TotalMilliseconds;
            }

            await look.WaitForNextTickAsync(cancellationToken);
        }
    }
}
