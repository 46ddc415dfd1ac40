using System.Globalization;
using System.Text;

namespace Orchestrator.Benchmarks.Measuring;

/// <summary>What has become of a case since an earlier run: ratios, because both runs had a raw of their own beside them.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Case">The case.</param>
/// <param name="Before">The median ratio then.</param>
/// <param name="After">The median ratio now.</param>
/// <param name="MoreIsBetter">Whether great ratios are the good ones.</param>
internal sealed record ResultChange(string Scenario, string Case, double Before, double After, bool MoreIsBetter)
{
    /// <summary>By how much it is worse, as a share of what it was; below zero: it is better.</summary>
    public double Worse => MoreIsBetter ? (Before - After) / Before : (After - Before) / Before;
}

/// <summary>The difference between two runs.</summary>
internal static class ResultChanges
{
    /// <summary>Every case that both have, in the order of the later one.</summary>
    public static IReadOnlyList<ResultChange> Between(IEnumerable<ScenarioResult> before, IEnumerable<ScenarioResult> after)
    {
        Dictionary<(string, string), Comparison> known = Cases(before).GroupBy(entry => entry.Key).ToDictionary(same => same.Key, same => same.First().Comparison);
        return
        [
            .. Cases(after)
                .Where(entry => known.ContainsKey(entry.Key))
                .Select(entry => new ResultChange(entry.Key.Scenario, entry.Key.Case, known[entry.Key].Ratio, entry.Comparison.Ratio, entry.Comparison.MoreIsBetter)),
        ];
    }

    /// <summary>A line for each.</summary>
    public static string Render(IReadOnlyList<ResultChange> changes)
    {
        var text = new StringBuilder();
        foreach (ResultChange change in changes)
        {
            string verdict = change.Worse > 0 ? "worse" : change.Worse < 0 ? "better" : "same";
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{change.Scenario}, {change.Case}: ratio {TextTable.Ratio(change.Before)} -> {TextTable.Ratio(change.After)}, {Math.Abs(change.Worse):0.#%} {verdict}");
        }

        return text.ToString();
    }

    // How many values a distribution has is another matter from run to run.
    private static IEnumerable<((string Scenario, string Case) Key, Comparison Comparison)> Cases(IEnumerable<ScenarioResult> results) =>
        from result in results
        from comparison in result.Comparisons
        select ((result.Name, comparison.Part is { } part ? $"{part.Distribution}: {part.Name}" : comparison.Case), comparison);
}
