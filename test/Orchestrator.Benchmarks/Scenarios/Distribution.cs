using Orchestrator.Benchmarks.Measuring;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>Many single measurements, as comparisons: each of them, and where they lie.</summary>
internal static class Distribution
{
    /// <summary>Least, median, p99 and greatest of both, each on its own.</summary>
    /// <param name="name">What was measured.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="product">The product's figures.</param>
    /// <param name="raw">Raw's figures.</param>
    /// <param name="p99">What the product's p99 is to stay below, or null.</param>
    public static IEnumerable<Comparison> Of(string name, string unit, IReadOnlyList<double> product, IReadOnlyList<double> raw, double? p99 = null) =>
    [
        Part(name, unit, 0, product, raw),
        Part(name, unit, 0.5, product, raw),
        Part(name, unit, 0.99, product, raw) with { Goal = p99 is { } limit ? Goal.Figure(limit) : null },
        Part(name, unit, 1, product, raw),
    ];

    /// <summary>One part of it.</summary>
    public static Comparison Part(string name, string unit, double share, IReadOnlyList<double> product, IReadOnlyList<double> raw)
    {
        var part = new DistributionPart(name, share);
        return new Comparison($"{name}: {part.Name} of {product.Count}", unit, [new Pair(Statistics.Percentile(product, share), Statistics.Percentile(raw, share))]) { Part = part };
    }
}
