using System.CommandLine;
using QuickStart.Running;

namespace QuickStart.CommandLine;

/// <summary>The command line; `--help` shows it.</summary>
internal static class QuickStartCommand
{
    public static RootCommand Create()
    {
        Option<string?> repository = new("--repo") { Description = "The git repository to import. Default: the one it runs in, if that has a full history of 1,000 commits or more." };
        Option<int> workers = new("--workers") { Description = $"How many worker processes, 1 to {RunOptions.MostWorkers}.", DefaultValueFactory = _ => RunOptions.DefaultWorkers };
        Option<int?> generate = new("--generate") { Description = $"Import a generated history of so many commits. Where one must be generated anyway: {RunOptions.DefaultCommits}." };
        Option<int> seed = new("--seed") { Description = "The seed of the generated history and of --chaos.", DefaultValueFactory = _ => 1 };
        Option<bool> chaos = new("--chaos") { Description = "Kill, freeze, stop and start workers while they run. The result must be the same." };
        Option<bool> inMemory = new("--in-memory") { Description = "Run without PostgreSQL, in one process." };
        AtLeastOne(workers, RunOptions.MostWorkers);
        generate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 1_000_000)
            {
                result.AddError("--generate takes 1 to 1000000 commits.");
            }
        });

        var root = new RootCommand("Imports a git history as events, builds three read models from it in several workers, and checks them against git.")
        {
            repository, workers, generate, seed, chaos, inMemory,
        };
        root.Validators.Add(result =>
        {
            if (result.GetValue(repository) is not null && result.GetValue(generate) is not null)
            {
                result.AddError("--repo and --generate exclude each other.");
            }
        });
        root.SetAction((parsed, token) => QuickStartRun.RunAsync(
            new RunOptions(
                parsed.GetValue(repository), parsed.GetValue(workers), parsed.GetValue(generate), parsed.GetValue(seed), parsed.GetValue(chaos), parsed.GetValue(inMemory)),
            token));
        return root;
    }

    private static void AtLeastOne(Option<int> option, int most) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is var value && (value < 1 || value > most))
        {
            result.AddError($"{option.Name} takes 1 to {most}.");
        }
    });
}
