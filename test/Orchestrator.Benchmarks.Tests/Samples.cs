using Orchestrator.Benchmarks.Measuring;

namespace Orchestrator.Benchmarks.Tests;

/// <summary>Results as scenarios return them.</summary>
internal static class Samples
{
    public static ScenarioResult Result(params Comparison[] comparisons) =>
        new("sample", "What is 1 < 2 & \"3\"?", Quick: true, new Machine(2, ".NET", "Release", "15.18 (Debian)", "fsync on", "0.10"), comparisons);

    public static Comparison Rate(string name, params (double Product, double Raw)[] runs) => new(name, Units.EventsPerSecond, [.. runs.Select(run => new Pair(run.Product, run.Raw))]);

    public static Comparison Time(string name, params (double Product, double Raw)[] runs) => new(name, "ms", [.. runs.Select(run => new Pair(run.Product, run.Raw))]);
}
