using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Raw;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>
/// How long projections stand still when a worker joins or leaves: from one worker to eight and back, one at a time, while events are appended. The workers are hosts in this process, with
/// default settings.
/// </summary>
internal sealed class RescaleScenario : IScenario
{
    public string Name => "rescale";

    public string Question => "Milliseconds that projections stand still when a worker joins or leaves, beside one transaction that writes the shares anew. Less is better.";

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        await database.ExecuteAsync(RawActivation.Tables, cancellationToken);
        await using var appends = SteadyAppends.Start(database);
        int most = context.Options.Quick ? 3 : 8;
        await RunAsync(database, most: 2, [], cancellationToken);
        var rescales = new List<Rescale>();
        for (int run = 0; run < context.Options.Runs; run++)
        {
            await RunAsync(database, most, rescales, cancellationToken);
        }

        Rescale[] largest = [.. rescales.Where(rescale => rescale.Workers >= most - 1)];
        return
        [
            new Comparison("the slowest aggregate of each rescale", "ms", [.. rescales.Select(rescale => new Pair(rescale.Pauses.Max(), rescale.Raw))]),
            new Comparison("of it, from forming the generation to its activation", "ms", [.. rescales.Select(rescale => new Pair(rescale.Forming, rescale.Raw))]),
            .. Distribution.Of("every aggregate", "ms", [.. rescales.SelectMany(rescale => rescale.Pauses)], [.. rescales.Select(rescale => rescale.Raw)]),
            .. Distribution.Of($"{most - 1} to {most} workers and back", "ms", [.. largest.SelectMany(rescale => rescale.Pauses)], [.. largest.Select(rescale => rescale.Raw)], p99: 250),
        ];
    }

    private static async Task RunAsync(BenchmarkDatabase database, int most, List<Rescale> rescales, CancellationToken cancellationToken)
    {
        var times = new CommitTimes();
        var raw = new RawActivation(database.DataSource);
        await using var group = WorkerGroup.Of(database, times, static replicaSet => replicaSet.AddProjection<CommitWitness>(CommitWitness.Name));
        await group.StartAsync(1, cancellationToken);
        long generation = await NextAsync();
        int[] counts = [.. Enumerable.Range(2, most - 1), .. Enumerable.Range(1, most - 1).Reverse()];
        foreach (int workers in counts)
        {
            await (workers > group.Count ? group.StartAsync(1, cancellationToken) : group.StopOneAsync(cancellationToken));
            long before = generation;
            generation = await NextAsync();
            long forming = await database.NumberAsync(
                $"SELECT 1000000 * extract(epoch FROM activated_at - created_at) FROM orchestrator_generations WHERE generation_id = {generation}", cancellationToken);
            rescales.Add(new Rescale(workers, times.PausesBetween(before, generation), forming / 1_000d, await raw.RunAsync(workers, cancellationToken)));
        }

        // The generation of all workers, once it has committed something of every aggregate.
        async Task<long> NextAsync()
        {
            long active = await group.WaitForGenerationAsync(cancellationToken);
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (times.AggregatesOf(active).Count < SteadyAppends.Aggregates)
            {
                await look.WaitForNextTickAsync(cancellationToken);
            }

            return active;
        }
    }

    private sealed record Rescale(int Workers, IReadOnlyList<double> Pauses, double Forming, double Raw);
}
