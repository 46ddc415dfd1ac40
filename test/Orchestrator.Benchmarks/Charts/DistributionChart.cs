using System.Xml.Linq;
using Orchestrator.Benchmarks.Measuring;

namespace Orchestrator.Benchmarks.Charts;

/// <summary>Where the values of distributions lie, the product's above raw's, in powers of ten: a dot for each part that is known, a line from the least to the greatest of them.</summary>
internal static class DistributionChart
{
    private const double Top = 72;
    private const double Row = 62;

    public static XElement Draw(ScenarioResult result, IReadOnlyList<Comparison> parts)
    {
        IGrouping<string, Comparison>[] distributions = [.. parts.GroupBy(part => part.Part!.Distribution)];
        double bottom = Top + (Row * distributions.Length);
        var scale = Scale.Logarithmic(
            Canvas.Margin, Canvas.Width - (2 * Canvas.Margin), parts.SelectMany(part => new[] { part.Product, part.Raw, part.Goal is { IsRatio: false } goal ? goal.Value : part.Product }));
        return Canvas.Draw(result, bottom + 60, canvas =>
        {
            canvas.Grid(scale, Top, bottom, parts[0].Unit);
            for (int i = 0; i < distributions.Length; i++)
            {
                DrawRow(canvas, scale, Top + (Row * i), distributions[i].Key, [.. distributions[i].OrderBy(part => part.Part!.Share)]);
            }
        });
    }

    private static void DrawRow(Canvas canvas, Scale scale, double top, string name, IReadOnlyList<Comparison> parts)
    {
        canvas.Text(Canvas.Margin, top + 16, "text", name);
        canvas.Text(Canvas.Margin, top + 31, "small", Figures(parts));
        DrawValues(canvas, scale, top + 40, [.. parts.Select(part => part.Product)], "product", 4.5);
        DrawValues(canvas, scale, top + 52, [.. parts.Select(part => part.Raw)], "raw", 3);
        foreach (Comparison part in parts)
        {
            if (part.Goal is { IsRatio: false } goal && Scale.CanDraw(goal.Value))
            {
                double x = scale.At(goal.Value);
                bool isRight = x > Canvas.Width / 2;
                canvas.Line(x, top + 32, x, top + 58, "target", 2);
                canvas.Text(isRight ? x - 4 : x + 4, top + 60, "small goal", $"target {part.Part!.Name}", isRight ? "end" : "start");
            }
        }
    }

    private static void DrawValues(Canvas canvas, Scale scale, double y, IReadOnlyList<double> values, string look, double radius)
    {
        double[] drawn = [.. values.Where(Scale.CanDraw)];
        if (drawn.Length == 0)
        {
            return;
        }

        canvas.Line(scale.At(drawn.Min()), y, scale.At(drawn.Max()), y, look, 2);
        foreach (double value in drawn)
        {
            canvas.Dot(scale.At(value), y, radius, look);
        }
    }

    private static string Figures(IReadOnlyList<Comparison> parts) =>
        string.Join(", ", parts.Select(part => $"{part.Part!.Name} {TextTable.Figure(part.Product)} (raw {TextTable.Figure(part.Raw)})"));
}
