using Npgsql;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Raw;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>
/// How often, and for how long, projections stand still while ten workers are replaced by ten others: one by one, three at a time, and in two waves. A step stops old workers in good order, starts as many new
/// ones, and ends when they have registered; a wave starts the new ones first. Events are appended every 50 ms. Each worker is in a process of its own, with default settings; the processes run, and are
/// warm, before.
/// </summary>
internal sealed class RolloutScenario : IScenario
{
    private const int AppendPause = 50;

    // Behind the last step, until no further generation can come of it.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    public string Name => "rollout";

    public string Question => "Pauses of a rolling update of ten workers, beside its steps. Less is better.";

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        int workers = context.Options.Quick ? 3 : 10;
        Plan[] plans =
        [
            new("one by one", [.. Enumerable.Repeat(1, workers)], StartsFirst: false, MostPauses: workers + 1),
            new("three at a time", [.. Enumerable.Range(0, workers).Chunk(3).Select(step => step.Length)], StartsFirst: false, MostPauses: workers + 1),
            new("in two waves", [(workers + 1) / 2, workers / 2], StartsFirst: true, MostPauses: 5),
        ];
        await using WorkerProcesses processes = await WorkerProcesses.ParkAsync(workers + plans.Where(plan => plan.StartsFirst).Max(plan => plan.Steps.Max()), cancellationToken);
        await WarmUpAsync(context, processes, cancellationToken);
        var comparisons = new List<Comparison>();
        foreach (Plan plan in plans)
        {
            var rollouts = new List<Rollout>();
            for (int run = 0; run < context.Options.Runs; run++)
            {
                rollouts.Add(await RunAsync(context, plan, processes, workers, cancellationToken));
            }

            comparisons.Add(new Comparison($"pauses, {plan.Name}; raw: steps", "", [.. rollouts.Select(rollout => new Pair(rollout.Pauses.Count, plan.Steps.Count))]) { Goal = Goal.Figure(plan.MostPauses) });
            comparisons.AddRange(Distribution.Of(
                $"the slowest aggregate of each pause, {plan.Name}", "ms", [.. rollouts.SelectMany(rollout => rollout.Pauses)], [.. rollouts.Select(rollout => rollout.Raw)]));
        }

        return comparisons;
    }

    private static async Task WarmUpAsync(ScenarioContext context, WorkerProcesses processes, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await CreateDatabaseAsync(context, cancellationToken);
        await using var appends = SteadyAppends.Start(database, AppendPause);
        await processes.WarmUpAsync(database, OrderFor(database), cancellationToken);
    }

    private static async Task<BenchmarkDatabase> CreateDatabaseAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        await database.ExecuteAsync($"{RawActivation.Tables}; {WrittenWitness.Tables}", cancellationToken);
        return database;
    }

    private static WorkerOrder OrderFor(BenchmarkDatabase database) => new(database.ConnectionString, Worker.NewReplicaSet(), WorkerWork.Write);

    private static async Task<Rollout> RunAsync(ScenarioContext context, Plan plan, WorkerProcesses processes, int workers, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await CreateDatabaseAsync(context, cancellationToken);
        await using var appends = SteadyAppends.Start(database, AppendPause);
        WorkerOrder order = OrderFor(database);
        await processes.StartAsync(workers, order, cancellationToken);
        long before = await WaitForGenerationAsync(database, workers, cancellationToken);
        foreach (int count in plan.Steps)
        {
            if (plan.StartsFirst)
            {
                await processes.StartAsync(count, order, cancellationToken);
                await WaitForRosterAsync(database, workers + count, cancellationToken);
                await processes.StopOldestAsync(count, cancellationToken);
            }
            else
            {
                await processes.StopOldestAsync(count, cancellationToken);
                await processes.StartAsync(count, order, cancellationToken);
                await WaitForRosterAsync(database, workers, cancellationToken);
            }
        }

        await WaitForGenerationAsync(database, workers, cancellationToken);
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        await processes.StopOldestAsync(workers, cancellationToken);
        return new Rollout(await ReadPausesAsync(database, before, cancellationToken), await new RawActivation(database.DataSource).RunAsync(workers, cancellationToken));
    }

    // An active generation of that many workers, all of them on the roster, each of which has applied something.
    private static Task<long> WaitForGenerationAsync(BenchmarkDatabase database, int workers, CancellationToken cancellationToken) => database.WaitForAsync(
        $"""
        SELECT coalesce(max(g.generation_id), 0) FROM orchestrator_generations g
        WHERE g.state = 'active' AND g.total_partitions = {workers} AND (SELECT array_agg(worker_id) FROM orchestrator_workers) <@ g.members
          AND (SELECT count(*) FROM witnessed w WHERE w.generation_id = g.generation_id) = {SteadyAppends.Aggregates}
        """,
        cancellationToken);

    private static Task<long> WaitForRosterAsync(BenchmarkDatabase database, int workers, CancellationToken cancellationToken) =>
        database.WaitForAsync($"SELECT (count(*) = {workers})::int FROM orchestrator_workers", cancellationToken);

    // A pause for every generation that became active. One in which an aggregate was never applied lengthens that of the next.
    private static async Task<IReadOnlyList<double>> ReadPausesAsync(BenchmarkDatabase database, long before, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.DataSource.CreateCommand(
            """
            SELECT coalesce(pause.milliseconds, 0) FROM orchestrator_generations g LEFT JOIN (
              SELECT generation_id, max(1000 * extract(epoch FROM first_at - before))::double precision AS milliseconds
              FROM (SELECT generation_id, first_at, lag(last_at) OVER (PARTITION BY aggregate_id ORDER BY generation_id) AS before FROM witnessed) AS w
              GROUP BY generation_id) AS pause ON pause.generation_id = g.generation_id
            WHERE g.generation_id > $1 AND g.activated_at IS NOT NULL
            ORDER BY g.generation_id
            """);
        command.Parameters.AddWithValue(before);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var pauses = new List<double>();
        while (await reader.ReadAsync(cancellationToken))
        {
            pauses.Add(reader.GetDouble(0));
        }

        return pauses;
    }

    private sealed record Plan(string Name, IReadOnlyList<int> Steps, bool StartsFirst, int MostPauses);

    private sealed record Rollout(IReadOnlyList<double> Pauses, double Raw);
}
