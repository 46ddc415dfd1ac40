namespace Orchestrator.Benchmarks.Measuring;

/// <summary>The product beside raw, run by run.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Unit">The unit of both figures; for example events/s, where more is better, or ms, where less is.</param>
/// <param name="Runs">Every run; at least one.</param>
internal sealed record Comparison(string Case, string Unit, IReadOnlyList<Pair> Runs)
{
    /// <summary>What it is to reach; null: nothing was promised.</summary>
    public Goal? Goal { get; init; }

    /// <summary>Of which distribution it is a part; null: of none.</summary>
    public DistributionPart? Part { get; init; }

    /// <summary>Whether great figures are the good ones: where something is done a second.</summary>
    public bool MoreIsBetter => Unit is Units.EventsPerSecond or Units.RunsPerSecond;

    /// <summary>The median of the product's figures.</summary>
    public double Product => Statistics.Median(Runs.Select(run => run.Product));

    /// <summary>The median of raw's figures.</summary>
    public double Raw => Statistics.Median(Runs.Select(run => run.Raw));

    /// <summary>The median of the runs' ratios.</summary>
    public double Ratio => Statistics.Median(Runs.Select(run => run.Ratio));

    /// <summary>The least ratio.</summary>
    public double LeastRatio => Runs.Min(run => run.Ratio);

    /// <summary>The greatest ratio.</summary>
    public double GreatestRatio => Runs.Max(run => run.Ratio);
}

/// <summary>One run of both.</summary>
/// <param name="Product">The product's figure.</param>
/// <param name="Raw">Raw's figure.</param>
internal sealed record Pair(double Product, double Raw)
{
    /// <summary>The product's figure divided by raw's.</summary>
    public double Ratio => Product / Raw;
}
