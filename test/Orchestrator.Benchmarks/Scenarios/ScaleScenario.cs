using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Raw;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>
/// What coordination costs the server as workers become many: statements and connections while nothing happens, and the statements and the time of a rescale. The workers are whole hosts in this process, with
/// default settings and one projection that has nothing to do; in one case eight of them are processes.
/// </summary>
internal sealed class ScaleScenario : IScenario
{
    private const int Processes = 8;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly ReplicaSetOptions Default = new();

    public string Name => "scale";

    public string Question => "Statements a second and worker that coordination costs while nothing happens, beside heartbeats alone. It must not grow with the number of workers.";

    public IReadOnlyDictionary<string, string> ServerSettings => StatementCount.ServerSettings;

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        int[] sizes = context.Options.Quick ? [1, 3] : [1, 10, 30, 100];
        int sets = context.Options.Quick ? 3 : 20;
        var idle = TimeSpan.FromSeconds(context.Options.Quick ? 2 : 20);
        var costs = new List<Cost>();
        foreach (int workers in sizes)
        {
            costs.Add(await MeasureAsync(context, workers == 1 ? "1 worker" : $"{workers} workers", workers, processes: 0, idle, cancellationToken));
        }

        costs.Add(await MeasureAsync(context, $"{sizes[^1]} workers and {Processes} processes", sizes[^1], Processes, idle, cancellationToken));
        Cost many = await MeasureSetsAsync(context, sets, idle, cancellationToken);
        return
        [
            .. costs.Append(many).Select(cost => new Comparison($"statements/s a worker, {cost.Case}; raw: its heartbeats", "1/s", [new Pair(cost.Statements, cost.Heartbeats)])),
            .. costs.Append(many).Select(cost => new Comparison($"connections a worker, {cost.Case}; raw: one", "", [new Pair(cost.Connections, 1)])),
            .. costs.Where(cost => cost.Leaves.Count > 0).Select(cost => new Comparison($"statements of a rescale, a worker, {cost.Case}; raw: drained, and its place", "", [.. cost.Leaves.Select(leave => new Pair(leave.Statements, 2))])),
            .. costs.Where(cost => cost.Leaves.Count > 0).Select(cost => new Comparison($"from forming to active, {cost.Case}; raw: one transaction", "ms", [.. cost.Leaves.Select(leave => new Pair(leave.Milliseconds, leave.Raw))])),
        ];
    }

    private static async Task<Cost> MeasureAsync(ScenarioContext context, string name, int workers, int processes, TimeSpan idle, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        await database.ExecuteAsync(RawActivation.Tables, cancellationToken);
        StatementCount count = await StatementCount.CreateAsync(database, cancellationToken);
        await using var group = WorkerGroup.Of(database, new CommitTimes(), static replicaSet => replicaSet.AddProjection<CommitWitness>(CommitWitness.Name));
        await group.StartAsync(workers, cancellationToken);
        await using WorkerProcesses others = await WorkerProcesses.ParkAsync(processes, cancellationToken);
        await others.StartAsync(processes, new WorkerOrder(database.ConnectionString, group.ReplicaSet, WorkerWork.Write), cancellationToken);
        await group.WaitForGenerationAsync(cancellationToken, processes);
        double rate = await RateAsync(count, idle, cancellationToken);
        double connections = await count.ConnectionsAsync(cancellationToken);
        int all = workers + processes;
        var leaves = new List<Rescale>();
        for (int run = 0; run < context.Options.Runs && workers > 1; run++)
        {
            leaves.Add(await LeaveAsync(database, count, group, processes, rate, cancellationToken));
            await group.StartAsync(1, cancellationToken);
            await group.WaitForGenerationAsync(cancellationToken, processes);
        }

        return new Cost(name, rate / all, 1 / Default.HeartbeatInterval.TotalSeconds, connections / all, leaves);
    }

    // Two processes' worth of hosts, each with all the replica sets.
    private static async Task<Cost> MeasureSetsAsync(ScenarioContext context, int sets, TimeSpan idle, CancellationToken cancellationToken)
    {
        const int Hosts = 2;
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        StatementCount count = await StatementCount.CreateAsync(database, cancellationToken);
        string[] names = [.. Enumerable.Range(0, sets).Select(_ => Worker.NewReplicaSet())];
        await using var group = new WorkerGroup(database, _ => Worker.CreateMany(database.ConnectionString, names, new CommitTimes(), static replicaSet => replicaSet.AddProjection<CommitWitness>(CommitWitness.Name)));
        await group.StartAsync(Hosts, cancellationToken);
        await database.WaitForAsync($"SELECT (count(*) = {sets})::int FROM orchestrator_generations WHERE state = 'active' AND total_partitions = {Hosts}", cancellationToken);
        double rate = await RateAsync(count, idle, cancellationToken);
        double workers = Hosts * sets;
        return new Cost($"{sets} replica sets in each of {Hosts}", rate / workers, 1 / Default.HeartbeatInterval.TotalSeconds, await count.ConnectionsAsync(cancellationToken) / workers, []);
    }

    private static async Task<double> RateAsync(StatementCount count, TimeSpan idle, CancellationToken cancellationToken)
    {
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        await count.ResetAsync(cancellationToken);
        await Task.Delay(idle, TimeProvider.System, cancellationToken);
        return await count.ReadAsync(cancellationToken) / idle.TotalSeconds;
    }

    // Not a join: what a new worker asks before it registers is another matter.
    private static async Task<Rescale> LeaveAsync(BenchmarkDatabase database, StatementCount count, WorkerGroup group, int processes, double rate, CancellationToken cancellationToken)
    {
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        await count.ResetAsync(cancellationToken);
        long start = TimeProvider.System.GetTimestamp();
        await group.StopOneAsync(cancellationToken);
        long generation = await group.WaitForGenerationAsync(cancellationToken, processes);
        int workers = group.Count + processes;

        // Until everybody has read its place and its checkpoints.
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        double statements = await count.ReadAsync(cancellationToken) - (rate * TimeProvider.System.GetElapsedTime(start).TotalSeconds);
        long forming = await database.NumberAsync(
            $"SELECT 1000000 * extract(epoch FROM activated_at - created_at) FROM orchestrator_generations WHERE generation_id = {generation}", cancellationToken);
        return new Rescale(statements / workers, forming / 1_000d, await new RawActivation(database.DataSource).RunAsync(workers, cancellationToken));
    }

    private sealed record Cost(string Case, double Statements, double Heartbeats, double Connections, IReadOnlyList<Rescale> Leaves);

    private sealed record Rescale(double Statements, double Milliseconds, double Raw);
}
