using System.Globalization;
using System.Text;

namespace Orchestrator.Benchmarks.Measuring;

/// <summary>A scenario's runs as a table for the terminal.</summary>
internal static class TextTable
{
    private const string None = "none";

    private static readonly string[] Headings = ["case", "unit", "run", "product", "raw", "ratio"];

    public static string Of(ScenarioResult result)
    {
        List<string[]> rows = [Headings];
        foreach (Comparison comparison in result.Comparisons)
        {
            rows.AddRange(comparison.Runs.Select((run, index) => Row(comparison, Text(index + 1), run.Product, run.Raw, Ratio(run.Ratio))));
            string ratios = $"{Ratio(comparison.Ratio)} ({Ratio(comparison.LeastRatio)} to {Ratio(comparison.GreatestRatio)})";
            rows.Add(Row(comparison, "median", comparison.Product, comparison.Raw, ratios));
        }

        int[] widths = [.. Headings.Select((_, column) => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            text.AppendJoin("  ", row.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).AppendLine();
        }

        return text.ToString();
    }

    /// <summary>A figure with as many decimals as it is worth.</summary>
    public static string Figure(double value) => double.IsFinite(value) ? value.ToString(value < 100 ? "0.00" : "#,0", CultureInfo.InvariantCulture) : None;

    /// <summary>A ratio.</summary>
    public static string Ratio(double value) => double.IsFinite(value) ? value.ToString("0.00", CultureInfo.InvariantCulture) : None;

    /// <summary>A share of one in percent.</summary>
    public static string Percent(double share) => (100 * share).ToString("0.##", CultureInfo.InvariantCulture);

    private static string[] Row(Comparison comparison, string run, double product, double raw, string ratio) =>
        [comparison.Case, comparison.Unit, run, Figure(product), Figure(raw), ratio];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
