using System.Globalization;
using Orchestrator.Simulation.Scenarios;

namespace Orchestrator.Simulation;

/// <summary>The production coordinator, fence and runners over a simulated server, under crashes, freezes, lost sessions and replies lost after a commit.</summary>
public sealed class SimulationTests
{
    private const string SeedsVariable = "ORCHESTRATOR_SIMULATION_SEEDS";

    // A few hundred in every test run; as many as one likes on demand.
    private static int Seeds => Environment.GetEnvironmentVariable(SeedsVariable) is { Length: > 0 } seeds ? int.Parse(seeds, CultureInfo.InvariantCulture) : 500;

    [TestCase(false, 1.0, TestName = "{m}(generations)")]
    [TestCase(true, 0.4, TestName = "{m}(partitions set by hand)")]
    public void Seeds_WithFaults_KeepEveryInvariant(bool byHand, double share)
    {
        long steps = 0;
        int applied = 0;
        int generations = 0;
        int faults = 0;
        int seeds = (int)(Seeds * share);
        for (int seed = 1; seed <= seeds; seed++)
        {
            Verdict verdict = Scenario.Run(seed, byHand);
            Assert.That(verdict.Violations, Is.Empty, () => $"Seed {seed}:{Environment.NewLine}{Replay(seed, byHand)}");
            steps += verdict.Steps;
            applied += verdict.Applied;
            generations += verdict.Generations;
            faults += verdict.Faults;
        }

        TestContext.Out.WriteLine($"{seeds} seeds, {steps} steps, {faults} faults, {generations} generations, {applied} events applied");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Seed_RunTwice_DoesTheSame(bool byHand)
    {
        string first = Replay(17, byHand);
        string second = Replay(17, byHand);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(first, Does.Contain(byHand ? "Assigned partition" : "Generation"));
    }

    private static string Replay(int seed, bool byHand)
    {
        var trace = new List<string>();
        Verdict verdict = Scenario.Run(seed, byHand, trace.Add);
        return string.Join(Environment.NewLine, trace.TakeLast(400).Append(verdict.ToString()).Concat(verdict.Violations));
    }
}
