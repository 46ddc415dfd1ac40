using Orchestrator.Benchmarks.Measuring;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>Many single measurements, as comparisons: each of them, and where they lie.</summary>
internal static class Distribution
{
    /// <summary>Least, median, p99 and greatest of both, each on its own.</summary>
    public static IEnumerable<Comparison> Of(string name, string unit, IReadOnlyList<double> product, IReadOnlyList<double> raw)
    {
        foreach ((string part, double share) in new[] { ("least", 0d), ("p50", 0.5), ("p99", 0.99), ("greatest", 1d) })
        {
            yield return new Comparison($"{name}: {part} of {product.Count}", unit, [new Pair(Statistics.Percentile(product, share), Statistics.Percentile(raw, share))]);
        }
    }
}
