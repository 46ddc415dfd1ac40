namespace Orchestrator.Benchmarks.Measuring;

/// <summary>What a figure is to reach.</summary>
/// <param name="Value">The ratio, or the product's own figure in the comparison's unit.</param>
/// <param name="IsRatio">Which of the two.</param>
internal sealed record Goal(double Value, bool IsRatio)
{
    /// <summary>A ratio to raw.</summary>
    public static Goal Ratio(double value) => new(value, IsRatio: true);

    /// <summary>A figure of the product, whatever raw's is.</summary>
    public static Goal Figure(double value) => new(value, IsRatio: false);

    /// <summary>Whether a comparison reaches it.</summary>
    public bool IsMetBy(Comparison comparison)
    {
        double reached = IsRatio ? comparison.Ratio : comparison.Product;
        return comparison.MoreIsBetter ? reached >= Value : reached <= Value;
    }

    /// <summary>In a few words, for tables and charts.</summary>
    public string Of(Comparison comparison) => IsRatio ? $"{TextTable.Ratio(Value)} of raw" : $"{TextTable.Figure(Value)} {comparison.Unit}".TrimEnd();
}
