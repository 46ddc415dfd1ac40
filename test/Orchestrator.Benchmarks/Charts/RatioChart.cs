using System.Xml.Linq;
using Orchestrator.Benchmarks.Measuring;

namespace Orchestrator.Benchmarks.Charts;

/// <summary>A bar a case: the median ratio to raw, with least and greatest, the line of raw, and what it is to reach. Where ratios are far apart, a bar begins at the line of raw.</summary>
internal static class RatioChart
{
    private const double Top = 72;
    private const double Row = 60;
    private const double BarHeight = 12;
    private const double FarApart = 50;

    public static XElement Draw(ScenarioResult result, IReadOnlyList<Comparison> comparisons)
    {
        double bottom = Top + (Row * comparisons.Count);
        Scale scale = ScaleOf([.. comparisons.SelectMany(comparison => new[] { comparison.LeastRatio, comparison.GreatestRatio, comparison.Ratio, GoalOf(comparison) ?? 1, 1 }).Where(Scale.CanDraw)]);
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

    // Ratios that are far apart are drawn by factors, or most of them would be no more than a dot.
    private static Scale ScaleOf(IReadOnlyList<double> ratios) => ratios.Max() / ratios.Min() > FarApart
        ? Scale.Logarithmic(Canvas.Margin, Canvas.Width - (2 * Canvas.Margin), ratios)
        : Scale.Linear(Canvas.Margin, Canvas.Width - (2 * Canvas.Margin), ratios);

    private static void DrawRow(Canvas canvas, Scale scale, double top, Comparison comparison)
    {
        double bar = top + 38;
        canvas.Text(Canvas.Margin, top + 16, "text", comparison.Case);
        canvas.Text(Canvas.Margin, top + 31, "small", Figures(comparison));
        if (Scale.CanDraw(comparison.Ratio))
        {
            double from = scale.IsLogarithmic ? scale.At(1) : scale.Left;
            double to = scale.At(comparison.Ratio);
            canvas.Bar(Math.Min(from, to), bar, Math.Abs(to - from), BarHeight, "product");
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
        string ratio = $"{TextTable.Ratio(comparison.Ratio)} ({TextTable.Figure(comparison.Product)} {comparison.Unit}, raw {TextTable.Figure(comparison.Raw)})";
        return comparison.Goal is { } goal ? $"{ratio}; target {goal.Of(comparison)}" : ratio;
    }

    // A figure of the product is as much as so many of raw's.
    private static double? GoalOf(Comparison comparison) => comparison.Goal is not { } goal ? null : goal.IsRatio ? goal.Value : goal.Value / comparison.Raw;
}
