using System.Xml.Linq;
using Orchestrator.Benchmarks.Measuring;

namespace Orchestrator.Benchmarks.Charts;

/// <summary>A bar a case: the median ratio to raw, with least and greatest, the line of raw, and what it is to reach.</summary>
internal static class RatioChart
{
    private const double Top = 72;
    private const double Row = 46;
    private const double BarHeight = 12;

    public static XElement Draw(ScenarioResult result, IReadOnlyList<Comparison> comparisons)
    {
        double bottom = Top + (Row * comparisons.Count);
        var scale = Scale.Linear(
            Canvas.Margin,
            Canvas.Width - (2 * Canvas.Margin),
            comparisons.SelectMany(comparison => new[] { comparison.GreatestRatio, comparison.Ratio, GoalOf(comparison) ?? 1, 1 }));
        return Canvas.Draw(result, bottom + 60, canvas =>
        {
            canvas.Grid(scale, Top, bottom, "ratio to raw");
            canvas.Line(scale.At(1), Top, scale.At(1), bottom, "raw", 2);
            for (int i = 0; i < comparisons.Count; i++)
            {
                DrawRow(canvas, scale, Top + (Row * i), comparisons[i]);
            }
        });
    }

    private static void DrawRow(Canvas canvas, Scale scale, double top, Comparison comparison)
    {
        double bar = top + 22;
        canvas.Text(Canvas.Margin, top + 16, "text", comparison.Case);
        canvas.Text(Canvas.Width - Canvas.Margin, top + 16, "text", Figures(comparison), "end");
        if (Scale.CanDraw(comparison.Ratio))
        {
            canvas.Bar(scale.Left, bar, scale.At(comparison.Ratio) - scale.Left, BarHeight, "product");
            DrawWhisker(canvas, scale, bar + (BarHeight / 2), comparison);
        }

        if (GoalOf(comparison) is { } goal && Scale.CanDraw(goal))
        {
            canvas.Line(scale.At(goal), bar - 4, scale.At(goal), bar + BarHeight + 4, "target", 2);
        }
    }

    private static void DrawWhisker(Canvas canvas, Scale scale, double y, Comparison comparison)
    {
        if (comparison.Runs.Count < 2 || !Scale.CanDraw(comparison.LeastRatio) || !Scale.CanDraw(comparison.GreatestRatio))
        {
            return;
        }

        double least = scale.At(comparison.LeastRatio);
        double greatest = scale.At(comparison.GreatestRatio);
        canvas.Line(least, y, greatest, y, "whisker", 1.5);
        canvas.Line(least, y - 4, least, y + 4, "whisker", 1.5);
        canvas.Line(greatest, y - 4, greatest, y + 4, "whisker", 1.5);
    }

    private static string Figures(Comparison comparison)
    {
        string ratio = TextTable.Ratio(comparison.Ratio);
        return comparison.Goal is { } goal ? $"{ratio}; target {goal.Of(comparison)}" : ratio;
    }

    // A figure of the product is as much as so many of raw's.
    private static double? GoalOf(Comparison comparison) => comparison.Goal is not { } goal ? null : goal.IsRatio ? goal.Value : goal.Value / comparison.Raw;
}
