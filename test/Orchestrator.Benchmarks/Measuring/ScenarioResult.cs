using System.Globalization;

namespace Orchestrator.Benchmarks.Measuring;

/// <summary>Everything that one scenario measured.</summary>
/// <param name="Name">The scenario.</param>
/// <param name="Question">What it measures.</param>
/// <param name="Quick">Whether it was a quick run, whose figures mean nothing.</param>
/// <param name="Machine">Where it ran.</param>
/// <param name="Comparisons">What came out; the first one is the headline.</param>
internal sealed record ScenarioResult(string Name, string Question, bool Quick, Machine Machine, IReadOnlyList<Comparison> Comparisons)
{
    /// <summary>The line that ends a scenario's output.</summary>
    public string Verdict => string.Create(CultureInfo.InvariantCulture, $"{Name} ratio {Comparisons[0].Ratio:0.00} of raw, median of {Comparisons[0].Runs.Count}");
}
