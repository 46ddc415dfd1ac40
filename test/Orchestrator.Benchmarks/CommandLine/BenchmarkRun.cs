using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Scenarios;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.CommandLine;

/// <summary>Runs scenarios one after another, each on a server of its own, and reports.</summary>
internal static class BenchmarkRun
{
    public static async Task<int> RunAsync(IReadOnlyList<IScenario> scenarios, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var results = new List<ScenarioResult>();
        foreach (IScenario scenario in scenarios)
        {
            await using BenchmarkServer server = await BenchmarkServer.StartAsync(scenario.ServerSettings, cancellationToken);
            Machine machine = await Machine.DescribeAsync(server, cancellationToken);
            await Console.Out.WriteLineAsync($"{scenario.Name}: {scenario.Question}");
            await Console.Out.WriteLineAsync(machine.ToString());
            IReadOnlyList<Comparison> comparisons = await scenario.RunAsync(new ScenarioContext(server, options), cancellationToken);
            var result = new ScenarioResult(scenario.Name, scenario.Question, options.Quick, machine, comparisons);
            results.Add(result);
            await Console.Out.WriteAsync(TextTable.Of(result));
            await Console.Out.WriteLineAsync(result.Verdict);

            // After each one, so that a run that is broken off leaves what it has.
            await WriteFilesAsync(results, options, cancellationToken);
        }

        return 0;
    }

    private static async Task WriteFilesAsync(IReadOnlyList<ScenarioResult> results, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        if (options.Json is { } json)
        {
            await ResultFile.WriteAsync(json, results, cancellationToken);
        }

        if (options.Markdown is { } markdown)
        {
            await MarkdownTables.ReplaceAsync(markdown, results, cancellationToken);
        }
    }
}
