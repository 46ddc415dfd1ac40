using System.CommandLine;
using Orchestrator.Benchmarks.Scenarios;

namespace Orchestrator.Benchmarks.CommandLine;

/// <summary>The command line. Without a scenario's name it shows the help.</summary>
internal static class BenchmarkCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Measures the orchestrator beside the same work done with Npgsql alone, in the same run. Starts a PostgreSQL of its own.");
        foreach (IScenario scenario in ScenarioList.All)
        {
            root.Subcommands.Add(CreateRun(scenario.Name, scenario.Question, [scenario]));
        }

        root.Subcommands.Add(WorkerCommand.Create());
        root.Subcommands.Add(ChartsCommand.Create());
        root.Subcommands.Add(CreateRun("all", "Runs every scenario, one after another.", ScenarioList.All));
        return root;
    }

    private static Command CreateRun(string name, string description, IReadOnlyList<IScenario> scenarios)
    {
        Option<int> runs = new("--runs") { Description = "How often each pair is measured, after a warm-up.", DefaultValueFactory = _ => 3 };
        Option<bool> quick = new("--quick") { Description = "Runs for seconds only, to see that it works. The figures mean nothing then." };
        Option<int?> events = new("--events") { Description = "How many events, where a log is read. Default: the scenario's own number." };
        Option<int?> updates = new("--updates") { Description = "How often checkpoints and heartbeats are updated (growth). Default: 1,000,000." };
        Option<string?> json = new("--json") { Description = "Writes every run to this file." };
        Option<string?> markdown = new("--markdown") { Description = "Replaces the part between the markers in this file by the tables." };
        Option<string?> charts = new("--charts") { Description = "Draws the results as SVG files into this folder." };
        Option<string?> compare = new("--compare") { Description = "Prints what is better and what is worse than in this file, which --json has written." };
        Option<int?> failWorse = new("--fail-worse") { Description = "Ends with 1 if the median ratio of a case is worse than in the --compare file by more than so many percent." };
        runs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--runs takes 1 or more.");
            }
        });
        events.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 3_000)
            {
                result.AddError("--events takes 3000 or more.");
            }
        });

        var command = new Command(name, description) { runs, quick, events, updates, json, markdown, charts, compare, failWorse };
        command.SetAction((parsed, token) => BenchmarkRun.RunAsync(
            scenarios,
            new BenchmarkOptions(parsed.GetValue(runs), parsed.GetValue(quick), parsed.GetValue(events), parsed.GetValue(json), parsed.GetValue(markdown))
            {
                Charts = parsed.GetValue(charts),
                Compare = parsed.GetValue(compare),
                FailWorse = parsed.GetValue(failWorse),
                Updates = parsed.GetValue(updates),
            },
            token));
        command.Validators.Add(result =>
        {
            if (result.GetValue(failWorse) is not null && result.GetValue(compare) is null)
            {
                result.AddError("--fail-worse needs --compare.");
            }
        });
        return command;
    }
}
