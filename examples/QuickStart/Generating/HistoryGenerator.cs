using QuickStart.Git;

namespace QuickStart.Generating;

/// <summary>Makes a repository with a seeded history: the same seed gives the same commits. It holds what real histories hold, and what hostile ones do.</summary>
internal static class HistoryGenerator
{
    /// <summary>Creates a bare repository in an empty folder.</summary>
    /// <param name="folder">The folder; created when missing.</param>
    /// <param name="commits">How many commits; 1 or greater.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task GenerateAsync(string folder, int commits, int seed, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await GitProcess.ReadAsync(folder, ["init", "--quiet", "--bare", "--initial-branch=main"], cancellationToken);
        await GitProcess.FeedAsync(
            folder,
            ["-c", "core.ignoreCase=false", "-c", "core.precomposeUnicode=false", "fast-import", "--quiet", "--done"],
            async (input, token) =>
            {
                await using var buffered = new BufferedStream(input, 256 * 1024);
                var stream = new FastImportStream(buffered);
                var history = new RandomHistory(stream, new Random(seed));
                while (history.Commits < commits)
                {
                    token.ThrowIfCancellationRequested();
                    history.Advance(commits - history.Commits);
                }

                stream.Done();
                await buffered.FlushAsync(token);
            },
            cancellationToken);
    }
}
