using System.Globalization;
using Orchestrator.Benchmarks.Charts;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Scenarios;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.CommandLine;

/// <summary>Runs scenarios one after another, each on a server of its own, and reports.</summary>
internal static class BenchmarkRun
{
    public static async Task<int> RunAsync(IReadOnlyList<IScenario> scenarios, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        // Read first: a file that is missing or broken is better known before minutes of measuring.
        IReadOnlyList<ScenarioResult>? before = options.Compare is { } compare ? await ResultFile.ReadAsync(compare, cancellationToken) : null;
        var results = new List<ScenarioResult>();
        bool good = true;
        foreach (IScenario scenario in scenarios)
        {
            ScenarioResult result = await MeasureAsync(scenario, options, cancellationToken);
            results.Add(result);

            // After each one, so that a run that is broken off leaves what it has.
            await WriteFilesAsync(results, options, cancellationToken);
            good &= before is null || await CompareAsync(before, result, options.FailWorse);
            await Console.Out.WriteLineAsync(result.Verdict);
        }

        return good ? 0 : 1;
    }

    private static async Task<ScenarioResult> MeasureAsync(IScenario scenario, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync(scenario.ServerSettings, cancellationToken);
        Machine machine = await Machine.DescribeAsync(server, cancellationToken);
        await Console.Out.WriteLineAsync($"{scenario.Name}: {scenario.Question}");
        await Console.Out.WriteLineAsync(machine.ToString());
        IReadOnlyList<Comparison> comparisons = await scenario.RunAsync(new ScenarioContext(server, options), cancellationToken);
        var result = new ScenarioResult(scenario.Name, scenario.Question, options.Quick, machine, comparisons);
        await Console.Out.WriteAsync(TextTable.Of(result));
        return result;
    }

    private static async Task<bool> CompareAsync(IReadOnlyList<ScenarioResult> before, ScenarioResult result, int? failWorse)
    {
        IReadOnlyList<ResultChange> changes = ResultChanges.Between(before, [result]);
        await Console.Out.WriteLineAsync(changes.Count > 0 ? "beside the earlier run:" : "the earlier run has none of these cases");
        await Console.Out.WriteAsync(ResultChanges.Render(changes));
        int worse = changes.Count(change => 100 * change.Worse > failWorse);
        if (worse > 0)
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{worse} of {changes.Count} cases are worse by more than {failWorse} %"));
        }

        return worse == 0;
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

        if (options.Charts is { } charts)
        {
            await ChartFiles.WriteAsync(charts, results, cancellationToken);
        }
    }
}
