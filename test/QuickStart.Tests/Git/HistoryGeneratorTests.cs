using QuickStart.Generating;
using QuickStart.Git;

namespace QuickStart.Tests.Git;

public sealed class HistoryGeneratorTests
{
    [Test]
    public async Task GenerateAsync_SameSeed_GivesTheSameHistory()
    {
        string first = await RevisionAsync(7);
        string again = await RevisionAsync(7);
        string other = await RevisionAsync(8);

        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public async Task GenerateAsync_SomeCommits_HoldsAllThatIsPromised()
    {
        using var folder = new TemporaryFolder();
        await HistoryGenerator.GenerateAsync(folder.Path, 1_500, 1, default);
        GitRepository repository = await GitRepository.OpenAsync(folder.Path, default);
        List<GitCommit> commits = await GitLogReader.ReadAsync(folder.Path, repository.Revision, default).ToListAsync();
        List<GitEntry> entries = [.. commits.SelectMany(commit => commit.Entries)];
        string merges = await GitProcess.ReadAsync(folder.Path, ["rev-list", "--merges", "--count", "HEAD"], default);

        Assert.That(repository.Commits, Is.EqualTo(1_500));
        Assert.That(int.Parse(merges), Is.GreaterThan(20));
        Assert.That(commits, Has.Count.EqualTo(1_500 - int.Parse(merges)));
        Assert.That(commits.Where(commit => commit.Entries.Count == 0), Is.Not.Empty);
        foreach (char kind in "AMRD")
        {
            Assert.That(entries.Count(entry => entry.Kind == kind), Is.GreaterThan(20), $"kind {kind}");
        }

        Assert.That(entries.Where(entry => entry.Added is null), Is.Not.Empty, "binaries");
        foreach (string part in new[] { "\"", "\t", "\n", "🎉", "\\", " => ", "{", "-", " ", "é" })
        {
            Assert.That(entries.Where(entry => entry.Path.Contains(part, StringComparison.Ordinal)), Is.Not.Empty, $"names with '{part}'");
        }

        Assert.That(entries.Where(entry => entry.Path.Length > 500), Is.Not.Empty, "long names");
        Assert.That(entries.Where(entry => entry.Path.StartsWith("\"\\377", StringComparison.Ordinal)), Is.Not.Empty, "names that are not UTF-8");
        Assert.That(commits.Select(commit => commit.AuthorName), Has.Some.EqualTo("René Lätin").And.Some.Empty);
    }

    private static async Task<string> RevisionAsync(int seed)
    {
        using var folder = new TemporaryFolder();
        await HistoryGenerator.GenerateAsync(folder.Path, 200, seed, default);
        return (await GitRepository.OpenAsync(folder.Path, default)).Revision;
    }
}
