using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Raw;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Workflows;
using Orchestrator.Workflows.DependencyInjection;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>What a workflow costs whose services do nothing: its journal's writes, and all else.</summary>
internal sealed class WorkflowScenario : IScenario
{
    private const string Checkout = "checkout";

    // The graph of examples/Workflow, by what can run at the same time.
    private static readonly string[][] Stages = [["authorization"], ["inventory"], ["payments"], ["analytics", "notification"]];

    public string Name => "workflow";

    public string Question => "Runs a second of a workflow of five services that do nothing, beside its journal's statements by hand; and without a database, beside Task.WhenAll.";

    /// <summary>Two connections a run at the same time, of the product's pool and of raw's: more than the 100 of the server's default.</summary>
    public IReadOnlyDictionary<string, string> ServerSettings => new Dictionary<string, string>(StringComparer.Ordinal) { ["max_connections"] = "200" };

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        return
        [
            await MeasureJournalAsync(database, context, new Load(AtTheSameTime: 8, Runs: 250), cancellationToken),
            await MeasureJournalAsync(database, context, new Load(AtTheSameTime: 32, Runs: 100), cancellationToken),
            await MeasureInMemoryAsync(context, new Load(AtTheSameTime: 8, Runs: 2_500), cancellationToken),
            await MeasureInMemoryAsync(context, new Load(AtTheSameTime: 32, Runs: 625), cancellationToken),
        ];
    }

    private static async Task<Comparison> MeasureJournalAsync(BenchmarkDatabase database, ScenarioContext context, Load usual, CancellationToken cancellationToken)
    {
        Load load = usual with { Runs = context.Options.Scaled(usual.Runs) };
        await using ServiceProvider services = Create(services => services.AddPostgreSqlEventStore(database.ConnectionString), workflow => workflow.UsePostgreSqlJournal());
        IWorkflowRunner workflows = services.GetRequiredService<IWorkflowRunner>();
        var raw = new RawJournal(database.DataSource);
        return await PairedRuns.MeasureAsync(
            $"journal in PostgreSQL, {load.AtTheSameTime} runs at the same time; raw: its statements",
            Units.RunsPerSecond,
            context.Options.Runs,
            () => RunAsync(load, requestId => RunProductAsync(workflows, requestId, cancellationToken)),
            () => RunAsync(load, requestId => raw.RunAsync(Checkout, requestId, Stages, cancellationToken)));
    }

    private static async Task<Comparison> MeasureInMemoryAsync(ScenarioContext context, Load usual, CancellationToken cancellationToken)
    {
        Load load = usual with { Runs = context.Options.Scaled(usual.Runs) };
        return await PairedRuns.MeasureAsync(
            $"journal in memory, {load.AtTheSameTime} runs at the same time; raw: Task.WhenAll",
            Units.RunsPerSecond,
            context.Options.Runs,
            RunInMemoryAsync,
            () => RunAsync(load, _ => RawServices.RunAsync(NothingAsync, Stages, cancellationToken)));

        // A journal of its own each time: this one forgets nothing.
        async Task<double> RunInMemoryAsync()
        {
            await using ServiceProvider services = Create(_ => { }, _ => { });
            IWorkflowRunner workflows = services.GetRequiredService<IWorkflowRunner>();
            return await RunAsync(load, requestId => RunProductAsync(workflows, requestId, cancellationToken));
        }
    }

    private static async Task<double> RunAsync(Load load, Func<string, Task> run)
    {
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, load.AtTheSameTime).Select(_ => Task.Run(RunOneAfterAnotherAsync)));
        return load.AtTheSameTime * load.Runs / Stopwatch.GetElapsedTime(started).TotalSeconds;

        async Task RunOneAfterAnotherAsync()
        {
            for (int i = 0; i < load.Runs; i++)
            {
                await run(Guid.NewGuid().ToString());
            }
        }
    }

    private static async Task RunProductAsync(IWorkflowRunner workflows, string requestId, CancellationToken cancellationToken)
    {
        WorkflowResult result = await workflows.RunAsync(Checkout, new WorkflowRequest(requestId), cancellationToken);
        result.EnsureSucceeded();
    }

    private static ServiceProvider Create(Action<IServiceCollection> addDatabase, Action<IWorkflowBuilder> useJournal)
    {
        IServiceCollection services = new ServiceCollection().AddLogging();
        addDatabase(services);
        useJournal(services.AddWorkflow(Checkout)
            .AddService("authorization", NothingAsync)
            .AddService("inventory", NothingAsync, s => s.DependsOn("authorization"))
            .AddService("payments", NothingAsync, s => s.DependsOn("authorization").DependsOn("inventory"))
            .AddService("analytics", NothingAsync, s => s.DependsOn("payments"))
            .AddService("notification", NothingAsync, s => s.DependsOn("payments")));
        return services.BuildServiceProvider();
    }

    private static ValueTask<object?> NothingAsync(WorkflowContext context, CancellationToken cancellationToken) => NothingAsync(cancellationToken);

    private static ValueTask<object?> NothingAsync(CancellationToken cancellationToken) => ValueTask.FromResult<object?>(null);

    /// <summary>How many clients run the workflow, and how often each of them.</summary>
    private sealed record Load(int AtTheSameTime, int Runs);
}
