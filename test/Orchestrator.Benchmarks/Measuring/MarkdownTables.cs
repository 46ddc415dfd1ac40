using System.Globalization;
using System.Text;

namespace Orchestrator.Benchmarks.Measuring;

/// <summary>Writes the tables into a document, between two markers a scenario: <c>&lt;!-- begin NAME --&gt;</c> and <c>&lt;!-- end NAME --&gt;</c>.</summary>
internal static class MarkdownTables
{
    public static async Task ReplaceAsync(string path, IEnumerable<ScenarioResult> results, CancellationToken cancellationToken)
    {
        string text = await File.ReadAllTextAsync(path, cancellationToken);
        foreach (ScenarioResult result in results)
        {
            text = Replace(text, result, path);
        }

        await File.WriteAllTextAsync(path, text, cancellationToken);
    }

    private static string Replace(string text, ScenarioResult result, string path)
    {
        string begin = $"<!-- begin {result.Name} -->";
        string end = $"<!-- end {result.Name} -->";
        int from = text.IndexOf(begin, StringComparison.Ordinal);
        int to = text.IndexOf(end, StringComparison.Ordinal);
        return from >= 0 && to > from
            ? $"{text[..(from + begin.Length)]}\n{Render(result)}{text[to..]}"
            : throw new InvalidOperationException($"{path} has no place for {result.Name}: add the lines {begin} and {end}.");
    }

    private static string Render(ScenarioResult result)
    {
        var text = new StringBuilder("| case | unit | product | raw | ratio: median (least to greatest) | runs | target |\n|---|---|---|---|---|---|---|\n");
        foreach (Comparison comparison in result.Comparisons)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {comparison.Case} | {comparison.Unit} | {TextTable.Figure(comparison.Product)} | {TextTable.Figure(comparison.Raw)} | **{TextTable.Ratio(comparison.Ratio)}** ({TextTable.Ratio(comparison.LeastRatio)} to {TextTable.Ratio(comparison.GreatestRatio)}) | {comparison.Runs.Count} | {Target(comparison)} |\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\n{result.Machine}{(result.Quick ? "; a quick run, whose figures mean nothing" : "")}\n").ToString();
    }

    private static string Target(Comparison comparison) => comparison.Goal is { } goal ? $"{goal.Of(comparison)}: {(goal.IsMetBy(comparison) ? "met" : "missed")}" : "";
}
