using System.Globalization;

namespace QuickStart.Git;

/// <summary>A repository whose history can be imported, as of one commit: what is committed later does not disturb the comparison.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Revision">The full hash of the newest commit.</param>
/// <param name="Commits">How many commits the history has, merges included.</param>
internal sealed record GitRepository(string Path, string Revision, int Commits)
{
    /// <summary>Opens a repository; throws <see cref="GitException"/> with the reason when its history is not all there.</summary>
    public static async Task<GitRepository> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
        {
            throw new GitException($"There is no folder {path}.");
        }

        string revision = (await GitProcess.ReadAsync(path, ["rev-parse", "--verify", "HEAD^{commit}"], cancellationToken)).Trim();
        if ((await GitProcess.ReadAsync(path, ["rev-parse", "--is-shallow-repository"], cancellationToken)).Trim() == "true")
        {
            throw new GitException($"The clone in {path} is shallow: its history is not all there. `git fetch --unshallow` gets the rest.");
        }

        string count = await GitProcess.ReadAsync(path, ["rev-list", "--count", revision], cancellationToken);
        return new GitRepository(path, revision, int.Parse(count, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture));
    }
}
