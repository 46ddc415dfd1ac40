using System.Globalization;
using Orchestrator.Simulation.Scenarios;

namespace Orchestrator.Simulation;

/// <summary>The production coordinator, fence and runners over a simulated server, under crashes, freezes, lost sessions and replies lost after a commit.</summary>
public sealed class SimulationTests
{
    private const string SeedsVariable = "ORCHESTRATOR_SIMULATION_SEEDS";

    // As many as one likes on demand, or from the command line.
    private static int Seeds => Environment.GetEnvironmentVariable(SeedsVariable) is { Length: > 0 } seeds ? int.Parse(seeds, CultureInfo.InvariantCulture) : 20_000;

    [Test]
    public void Seeds_WithFaults_KeepEveryInvariant()
    {
        SeedSummary summary = SeedRun.Run(1, Seeds, strategy: null, TestContext.CurrentContext.CancellationToken);

        TestContext.Out.WriteLine(summary);
        Assert.That(summary.Failed is null, () => $"Seed {summary.Failed!.Value.Seed}:{Environment.NewLine}{Replay(summary.Failed.Value.Seed)}");
    }

    [TestCase(17)]
    [TestCase(18)]
    [TestCase(19)]
    public void Seed_RunTwice_DoesTheSame(int seed)
    {
        string first = Replay(seed);
        string second = Replay(seed);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(first, Does.Contain("Assigned partition"));
    }

    private static string Replay(int seed)
    {
        var trace = new List<string>();
        Verdict verdict = Scenario.Run(seed, trace: trace.Add);
        return string.Join(Environment.NewLine, trace.TakeLast(400).Append(verdict.ToString()).Concat(verdict.Violations));
    }
}
