using System.Globalization;
using Orchestrator.Simulation.Scenarios;

namespace Orchestrator.Simulation;

/// <summary>The production coordinator, fence and runners over a simulated server, under crashes, freezes, lost sessions and replies lost after a commit.</summary>
public sealed class SimulationTests
{
    private const string SeedsVariable = "ORCHESTRATOR_SIMULATION_SEEDS";

    // A few hundred in every test run; as many as one likes on demand.
    private static int Seeds => Environment.GetEnvironmentVariable(SeedsVariable) is { Length: > 0 } seeds ? int.Parse(seeds, CultureInfo.InvariantCulture) : 500;

    [Test]
    public void Seeds_WithFaults_KeepEveryInvariant()
    {
        long steps = 0;
        int applied = 0;
        int generations = 0;
        int faults = 0;
        int seeds = Seeds;
        for (int seed = 1; seed <= seeds; seed++)
        {
            Verdict verdict = Scenario.Run(seed);
            Assert.That(verdict.Violations, Is.Empty, () => $"Seed {seed}:{Environment.NewLine}{Replay(seed)}");
            steps += verdict.Steps;
            applied += verdict.Applied;
            generations += verdict.Generations;
            faults += verdict.Faults;
        }

        TestContext.Out.WriteLine($"{seeds} seeds, {steps} steps, {faults} faults, {generations} generations, {applied} events applied");
    }

    [Test]
    public void Seed_RunTwice_DoesTheSame()
    {
        string first = Replay(17);
        string second = Replay(17);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(first, Does.Contain("Generation"));
    }

    private static string Replay(int seed)
    {
        var trace = new List<string>();
        Verdict verdict = Scenario.Run(seed, trace.Add);
        return string.Join(Environment.NewLine, trace.TakeLast(400).Append(verdict.ToString()).Concat(verdict.Violations));
    }
}
