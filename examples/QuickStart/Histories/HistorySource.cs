using QuickStart.CommandLine;
using QuickStart.Generating;
using QuickStart.Git;
using Spectre.Console;

namespace QuickStart.Histories;

/// <summary>The history that is imported: the user's, or a generated one in a folder that goes with the run.</summary>
internal sealed class HistorySource : IDisposable
{
    private const int FewestCommits = 1_000;

    private readonly DirectoryInfo? _temporary;

    private HistorySource(GitRepository repository, DirectoryInfo? temporary)
    {
        Repository = repository;
        _temporary = temporary;
    }

    public GitRepository Repository { get; }

    public static async Task<HistorySource> ChooseAsync(RunOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        if (options.Generate is { } commits)
        {
            return await GenerateAsync(commits, options.Seed, console, cancellationToken);
        }

        if (options.Repository is { } path)
        {
            GitRepository repository = await GitRepository.OpenAsync(path, cancellationToken);
            console.WriteLine($"History: {repository.Commits} commits of {repository.Path} at {repository.Revision[..12]}.");
            return new HistorySource(repository, temporary: null);
        }

        string here = Environment.CurrentDirectory;
        try
        {
            GitRepository repository = await GitRepository.OpenAsync(here, cancellationToken);
            if (repository.Commits >= FewestCommits)
            {
                console.WriteLine($"History: {repository.Commits} commits of the repository in {here} at {repository.Revision[..12]}.");
                return new HistorySource(repository, temporary: null);
            }

            console.WriteLine($"The repository in {here} has only {repository.Commits} commits, fewer than {FewestCommits}: a history is generated. (--repo PATH imports any.)");
        }
        catch (GitException e)
        {
            console.WriteLine($"There is no usable history here: {e.Message} One is generated. (--repo PATH imports another.)");
        }

        return await GenerateAsync(RunOptions.DefaultCommits, options.Seed, console, cancellationToken);
    }

    public void Dispose() => _temporary?.Delete(recursive: true);

    private static async Task<HistorySource> GenerateAsync(int commits, int seed, IAnsiConsole console, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("quickstart-history-");
        try
        {
            await HistoryGenerator.GenerateAsync(folder.FullName, commits, seed, cancellationToken);
            GitRepository repository = await GitRepository.OpenAsync(folder.FullName, cancellationToken);
            console.WriteLine($"History: {repository.Commits} commits, generated from the seed {seed}.");
            return new HistorySource(repository, folder);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }
}
