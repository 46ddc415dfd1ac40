using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>What a worker costs after a minute in which nothing was appended: statements, and time of a processor.</summary>
internal sealed class IdleScenario : IScenario
{
    private static readonly ReplicaSetOptions Default = new();

    public string Name => "idle";

    public string Question => "Statements a second and worker after a minute without events, beside heartbeats alone; and the share of a core.";

    public IReadOnlyDictionary<string, string> ServerSettings => StatementCount.ServerSettings;

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var minute = TimeSpan.FromSeconds(context.Options.Quick ? 2 : 60);
        return [.. await MeasureAsync(context, workers: 1, minute, cancellationToken), .. await MeasureAsync(context, workers: 4, minute, cancellationToken)];
    }

    private static async Task<IReadOnlyList<Comparison>> MeasureAsync(ScenarioContext context, int workers, TimeSpan minute, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        StatementCount count = await StatementCount.CreateAsync(database, cancellationToken);
        await SampleEvents.AppendLogAsync(database, 1_000, cancellationToken);

        // What compiles and collects behind the appends is not the process at rest.
        await Task.Delay(minute, TimeProvider.System, cancellationToken);
        double without = await CoreAsync(minute, cancellationToken);
        await using var group = WorkerGroup.Of(database, new CommitTimes(), static replicaSet => replicaSet.AddProjection<CommitWitness>(CommitWitness.Name));
        await group.StartAsync(workers, cancellationToken);
        await group.WaitForGenerationAsync(cancellationToken);
        await Task.Delay(minute, TimeProvider.System, cancellationToken);
        var statements = new List<Pair>();
        var cores = new List<Pair>();
        for (int run = 0; run < context.Options.Runs; run++)
        {
            await count.ResetAsync(cancellationToken);
            double core = await CoreAsync(minute, cancellationToken);
            statements.Add(new Pair(await count.ReadAsync(cancellationToken) / minute.TotalSeconds / workers, 1 / Default.HeartbeatInterval.TotalSeconds));
            cores.Add(new Pair((core - without) / workers, without));
        }

        string name = workers == 1 ? "1 worker" : $"{workers} workers";
        return
        [
            new Comparison($"statements/s a worker, {name}; raw: its heartbeats", "1/s", statements) { Goal = Goal.Figure(2) },
            new Comparison($"share of a core that a worker adds, {name}; raw: this process without any", "%", cores) { Goal = Goal.Figure(0.5) },
        ];
    }

    // In percent. A hundred of them are one core that does nothing else.
    private static async Task<double> CoreAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(time, TimeProvider.System, cancellationToken);
        process.Refresh();
        return 100 * ((process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(start));
    }
}
