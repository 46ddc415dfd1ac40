using Orchestrator.Testing;
using QuickStart.Checking;
using QuickStart.CommandLine;
using QuickStart.Display;
using QuickStart.Git;
using QuickStart.Histories;
using QuickStart.Importing;
using QuickStart.ReadModels;
using Spectre.Console;

namespace QuickStart.Running;

/// <summary>The whole of it: choose a history, run, check, show.</summary>
internal static class QuickStartRun
{
    private const int Right = 0;
    private const int Wrong = 1;
    private const int Failed = 2;
    private const int MostDifferencesShown = 20;

    /// <summary>Exit code: 0 when the read models are what git says, 1 when they differ, 2 when it did not come that far.</summary>
    public static async Task<int> RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        IAnsiConsole console = CreateConsole();

        try
        {
            using HistorySource history = await HistorySource.ChooseAsync(options, console, cancellationToken);
            (ReadModelSnapshot? rows, string end) = await ProjectAsync(options, history.Repository, console, cancellationToken);
            return rows is null ? Failed : await CheckAsync(history.Repository, rows, end, console, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            console.WriteLine("Stopped.");
            return Failed;
        }
        catch (Exception e) when (e is GitException or AlreadyImportedException or TimeoutException or InvalidOperationException)
        {
            console.WriteLine($"Failed: {e.Message}");
            return Failed;
        }
    }

    // Into a file or a pipe: no colours, and lines stay whole.
    private static IAnsiConsole CreateConsole()
    {
        if (!Console.IsOutputRedirected)
        {
            return AnsiConsole.Console;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
        console.Profile.Width = 1_000;
        return console;
    }

    private static async Task<(ReadModelSnapshot? Rows, string End)> ProjectAsync(RunOptions options, GitRepository repository, IAnsiConsole console, CancellationToken cancellationToken)
    {
        PostgreSqlServer? server = null;
        string reason = "--in-memory was given";
        if (!options.InMemory)
        {
            try
            {
                server = await PostgreSqlServer.StartAsync(cancellationToken: cancellationToken);
            }
            catch (PostgreSqlUnavailableException e)
            {
                reason = e.Message;
            }
        }

        if (server is not null)
        {
            await using (server)
            {
                console.WriteLine($"PostgreSQL: {server.Description}.");
                return await PostgreSqlRun.RunAsync(server, repository, options, console, cancellationToken);
            }
        }

        console.WriteLine($"Without PostgreSQL: {reason}");
        if (options.Chaos)
        {
            console.WriteLine("--chaos is refused: in one process there is no worker to kill without killing all, and no log that would outlive it.");
            return (null, "");
        }

        console.WriteLine($"{options.Workers} hosts share this one process instead: the log, the checkpoints and the read models are lost when it ends, and a crash cannot be survived.");
        return (await InMemoryRun.RunAsync(repository, options, console, cancellationToken), "");
    }

    private static async Task<int> CheckAsync(GitRepository repository, ReadModelSnapshot rows, string end, IAnsiConsole console, CancellationToken cancellationToken)
    {
        GitSays git = await GitSays.AskAsync(repository.Path, repository.Revision, cancellationToken);
        IReadOnlyList<string> differences = Comparison.Differences(git.Snapshot, rows);
        TopTen.Print(console, rows);
        if (end.Length > 0)
        {
            console.WriteLine(end);
        }

        if (differences.Count == 0)
        {
            console.WriteLine(
                $"Right: {git.Changes:N0} changes of {rows.Churn.Count:N0} files by {rows.Contributions.Count:N0} authors on {rows.Activity.Count:N0} days are exactly what git log says.");
            return Right;
        }

        foreach (string difference in differences.Take(MostDifferencesShown))
        {
            console.WriteLine(Printable.Text(difference, 500));
        }

        console.WriteLine($"Wrong: {differences.Count:N0} rows differ from what git log says.");
        return Wrong;
    }
}
