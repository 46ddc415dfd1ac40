using System.CommandLine;
using System.Globalization;
using Orchestrator.ChaosTests.Faults;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.ChaosTests.CommandLine;

/// <summary>The command line: random faults for as long as one likes. Exits with 1 where anything was lost, duplicated or out of order, a kind of fault never struck, or not all was applied in the end.</summary>
internal static class ChaosCommand
{
    public static RootCommand Create()
    {
        Option<double> minutes = new("--minutes") { Description = "For how long faults happen.", DefaultValueFactory = _ => 3 };
        Option<int> workers = new("--workers") { Description = "How many worker processes.", DefaultValueFactory = _ => 8 };
        Option<int> appenders = new("--appenders") { Description = "How many clients append.", DefaultValueFactory = _ => 8 };
        Option<int> seed = new("--seed") { Description = "Chooses the faults. Default: by chance.", DefaultValueFactory = _ => Random.Shared.Next(1, 1_000_000) };
        Option<string> faults = new("--faults") { Description = $"Kinds of faults, by how their names begin, with commas in between: {string.Join(", ", FaultKinds.CreateAll().Select(kind => kind.Name))}.", DefaultValueFactory = _ => "" };
        Option<int> pause = new("--pause") { Description = "Milliseconds from one fault to the next, on average.", DefaultValueFactory = _ => 1_500 };
        Option<int> atOnce = new("--at-once") { Description = "The most faults at a time.", DefaultValueFactory = _ => 4 };
        Option<RebalanceStrategy?> strategy = new("--strategy") { Description = "The workers' strategy. Default: one worker has this, the next that, so that it changes with the leader." };
        Option<string[]> set = new("--set") { Description = "A setting of the workers, such as Orchestrator:ReplicaSets:main:BatchSize=10.", DefaultValueFactory = _ => [] };
        faults.Validators.Add(result =>
        {
            if (FaultKinds.Named(Names(result.GetValueOrDefault<string>())).Count == 0)
            {
                result.AddError($"No fault has a name like {result.GetValueOrDefault<string>()}.");
            }
        });

        var root = new RootCommand("Real worker processes, a real server, random faults; then a check that each event was applied once and in order.") { minutes, workers, appenders, seed, faults, pause, atOnce, strategy, set };
        root.SetAction(async (parsed, token) =>
        {
            var settings = new ChaosSettings
            {
                Duration = TimeSpan.FromMinutes(parsed.GetValue(minutes)),
                WorkerCount = parsed.GetValue(workers),
                Appenders = parsed.GetValue(appenders),
                Seed = parsed.GetValue(seed),
                Faults = Names(parsed.GetValue(faults)),
                Pause = TimeSpan.FromMilliseconds(parsed.GetValue(pause)),
                AtOnce = parsed.GetValue(atOnce),
                Strategies = parsed.GetValue(strategy) is { } one ? [one] : Enum.GetValues<RebalanceStrategy>(),
                Workers = [.. parsed.GetValue(set)!.Select(setting => $"--{setting}")],
                LogFolder = NewLogFolder(),
            };
            ChaosReport report = await new ChaosRun(settings, Console.WriteLine).RunAsync(token);
            Console.WriteLine();
            Console.WriteLine(report);
            return report.Failures.Count == 0 ? 0 : 1;
        });
        return root;
    }

    /// <summary>A folder for the logs of one run.</summary>
    public static string NewLogFolder() => Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"orchestrator-chaos-{TimeProvider.System.GetLocalNow():yyyyMMdd-HHmmss}-{Environment.ProcessId}"));

    private static string[] Names(string? faults) => (faults ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
