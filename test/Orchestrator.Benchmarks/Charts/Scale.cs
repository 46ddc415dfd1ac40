namespace Orchestrator.Benchmarks.Charts;

/// <summary>Where on the drawing a value lies.</summary>
/// <param name="Left">The drawing's left border.</param>
/// <param name="Width">Its width.</param>
/// <param name="From">The least value.</param>
/// <param name="To">The greatest; greater than the least.</param>
/// <param name="IsLogarithmic">Whether equal steps are equal factors.</param>
internal sealed record Scale(double Left, double Width, double From, double To, bool IsLogarithmic)
{
    private const int MostSteps = 8;

    /// <summary>Values with a line of their own.</summary>
    public IReadOnlyList<double> Ticks { get; private init; } = [];

    /// <summary>From zero to at least a value, in round steps.</summary>
    public static Scale Linear(double left, double width, IEnumerable<double> values)
    {
        double most = Drawable(values).DefaultIfEmpty(1).Max();
        double step = Math.Pow(10, Math.Floor(Math.Log10(most)) - 1);
        double[] factors = [1, 2, 5, 10, 20, 50, 100];
        step *= factors.First(factor => most / (step * factor) <= MostSteps);
        int count = (int)Math.Ceiling(most / step);
        return new Scale(left, width, 0, count * step, IsLogarithmic: false) { Ticks = [.. Enumerable.Range(0, count + 1).Select(tick => tick * step)] };
    }

    /// <summary>From power of ten to power of ten, around all values.</summary>
    public static Scale Logarithmic(double left, double width, IEnumerable<double> values)
    {
        double[] all = [.. Drawable(values).DefaultIfEmpty(1)];
        int from = (int)Math.Floor(Math.Log10(all.Min()));
        int to = Math.Max((int)Math.Ceiling(Math.Log10(all.Max())), from + 1);
        int step = 1 + ((to - from) / MostSteps);
        return new Scale(left, width, Math.Pow(10, from), Math.Pow(10, to), IsLogarithmic: true)
        {
            Ticks = [.. Enumerable.Range(0, 1 + ((to - from) / step)).Select(tick => Math.Pow(10, from + (tick * step)))],
        };
    }

    /// <summary>Whether there is a place for a value. What was divided by zero, or is zero, has none.</summary>
    public static bool CanDraw(double value) => double.IsFinite(value) && value > 0;

    /// <summary>The place of a value, held within the borders.</summary>
    public double At(double value)
    {
        double share = IsLogarithmic ? Math.Log10(value / From) / Math.Log10(To / From) : (value - From) / (To - From);
        return Left + (Width * Math.Clamp(share, 0, 1));
    }

    private static IEnumerable<double> Drawable(IEnumerable<double> values) => values.Where(CanDraw);
}
