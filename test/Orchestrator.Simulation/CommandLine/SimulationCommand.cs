using System.CommandLine;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Simulation.Planted;
using Orchestrator.Simulation.Scenarios;

namespace Orchestrator.Simulation.CommandLine;

/// <summary>The command line: many seeds, one seed with its story, or a planted bug. Exits with 1 when an invariant is violated, or when a planted bug is not found.</summary>
internal static class SimulationCommand
{
    // What was run, the seed, and the first that it violated.
    private const int LinesOfAFinding = 3;

    public static RootCommand Create()
    {
        Option<int> seeds = new("--seeds") { Description = "How many seeds to run, or to give a planted bug.", DefaultValueFactory = _ => 10_000 };
        Option<int> from = new("--from") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
        Option<int?> seed = new("--seed") { Description = "Runs this seed alone." };
        Option<bool> trace = new("--trace") { Description = "With --seed: prints all that happens." };
        Option<string?> log = new("--log") { Description = "With --seeds: appends a line for every 10,000 seeds to this file. What the file has already is not run again." };
        Option<RebalanceStrategy?> strategy = new("--strategy") { Description = "How the log is divided anew. Default: each seed chooses, and some mix both." };
        Option<string?> planted = new("--planted") { Description = $"Plants a bug into the code that ships, and looks for it: all, or one of {string.Join(", ", PlantedBugs.All)}." };
        planted.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name && name != "all" && PlantedBugs.Find(name) is null)
            {
                result.AddError($"There is no bug {name}. There are: all, {string.Join(", ", PlantedBugs.All)}.");
            }
        });

        var root = new RootCommand("Runs the production coordinator, fence and runners over a simulated server, under faults. The same seed does the same.") { seeds, from, seed, trace, log, strategy, planted };
        root.SetAction(async (parsed, token) =>
        {
            if (parsed.GetValue(planted) is { } name)
            {
                return await LookForAsync(name == "all" ? PlantedBugs.All : [PlantedBugs.Find(name)!], parsed.GetValue(from), parsed.GetValue(seeds), token);
            }

            return parsed.GetValue(seed) is { } one ? RunOne(one, parsed.GetValue(strategy), parsed.GetValue(trace)) : RunMany(parsed.GetValue(from), parsed.GetValue(seeds), parsed.GetValue(strategy), parsed.GetValue(log), token);
        });
        return root;
    }

    private static int RunOne(int seed, RebalanceStrategy? strategy, bool trace)
    {
        Verdict verdict = Scenario.Run(seed, strategy, trace ? Console.WriteLine : null);
        Console.WriteLine($"Seed {seed}: {verdict.Steps} steps, {verdict.Faults} faults, {verdict.Generations} generations, {verdict.Applied} events applied, {verdict.Violations.Count} violations");
        return Report(verdict);
    }

    private static int RunMany(int from, int count, RebalanceStrategy? strategy, string? log, CancellationToken cancellationToken)
    {
        SeedSummary summary = log is null ? SeedRun.Run(from, count, strategy, cancellationToken) : new SeedLog(log).Run(from, count, strategy, cancellationToken);
        Console.WriteLine(summary);
        if (summary.Failed is not { } failed)
        {
            return 0;
        }

        Console.WriteLine($"Seed {failed.Seed} fails; --seed {failed.Seed} --trace tells how:");
        return Report(failed.Verdict);
    }

    private static int Report(Verdict verdict)
    {
        foreach (string violation in verdict.Violations)
        {
            Console.WriteLine($"  {violation}");
        }

        return verdict.Violations.Count == 0 ? 0 : 1;
    }

    private static async Task<int> LookForAsync(IReadOnlyList<PlantedBug> bugs, int from, int count, CancellationToken cancellationToken)
    {
        int missed = 0;
        foreach (PlantedBug bug in bugs)
        {
            PlantedOutcome outcome = await PlantedOutcome.LookForAsync(bug, from, count, cancellationToken);
            missed += outcome.Found ? 0 : 1;
            Console.WriteLine($"{bug.Name}: {bug.What}");
            Console.WriteLine($"  {(outcome.Found ? "found" : "NOT FOUND")}: {string.Join($"{Environment.NewLine}  ", outcome.Output.Split('\n').Take(LinesOfAFinding).Select(line => line.TrimEnd()).Where(line => line.Length > 0))}");
        }

        Console.WriteLine($"{bugs.Count - missed} of {bugs.Count} planted bugs found");
        return missed == 0 ? 0 : 1;
    }
}
