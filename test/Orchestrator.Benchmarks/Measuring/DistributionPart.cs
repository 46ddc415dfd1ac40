namespace Orchestrator.Benchmarks.Measuring;

/// <summary>Which part of which distribution a comparison shows.</summary>
/// <param name="Distribution">What all of its parts have in common.</param>
/// <param name="Share">The share of all values that are not greater: 0 the least, 0.5 the median, 1 the greatest.</param>
internal sealed record DistributionPart(string Distribution, double Share)
{
    /// <summary>What it is called.</summary>
    public string Name => Share switch
    {
        <= 0 => "least",
        >= 1 => "greatest",
        _ => $"p{TextTable.Percent(Share)}",
    };
}
