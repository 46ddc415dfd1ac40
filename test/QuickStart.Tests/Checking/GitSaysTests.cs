using QuickStart.Checking;
using QuickStart.Generating;
using QuickStart.Git;
using QuickStart.Importing;
using QuickStart.Projections;
using QuickStart.ReadModels;

namespace QuickStart.Tests.Checking;

/// <summary>The importer's reading of git and the checker's share no code; here they meet on hostile histories.</summary>
public sealed class GitSaysTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task AskAsync_GeneratedHistory_AgreesWithTheImporter(int seed)
    {
        using var folder = new TemporaryFolder();
        await HistoryGenerator.GenerateAsync(folder.Path, 1_000, seed, default);
        GitRepository repository = await GitRepository.OpenAsync(folder.Path, default);

        ReadModelSnapshot imported = Summarise(await GitLogReader.ReadAsync(folder.Path, repository.Revision, default).ToListAsync());
        GitSays git = await GitSays.AskAsync(folder.Path, repository.Revision, default);

        Assert.That(repository.Commits, Is.EqualTo(1_000));
        Assert.That(git.Changes, Is.GreaterThan(1_000));
        Assert.That(Comparison.Differences(git.Snapshot, imported), Is.Empty);
    }

    [Test]
    public async Task AskAsync_UserWithOtherDefaults_SaysTheSame()
    {
        using var folder = new TemporaryFolder();
        await HistoryGenerator.GenerateAsync(folder.Path, 300, 4, default);
        GitRepository repository = await GitRepository.OpenAsync(folder.Path, default);
        ReadModelSnapshot before = Summarise(await GitLogReader.ReadAsync(folder.Path, repository.Revision, default).ToListAsync());

        foreach (string setting in new[] { "diff.renames=false", "diff.algorithm=patience", "log.showRoot=false", "log.mailmap=true", "core.quotepath=true", "diff.noprefix=true", "log.date=relative", "color.ui=always", "diff.renameLimit=1", "i18n.logOutputEncoding=ISO-8859-1", "log.decorate=full" })
        {
            await GitProcess.ReadAsync(folder.Path, ["config", setting.Split('=')[0], setting.Split('=')[1]], default);
        }

        ReadModelSnapshot after = Summarise(await GitLogReader.ReadAsync(folder.Path, repository.Revision, default).ToListAsync());
        Assert.That(Comparison.Differences(before, after), Is.Empty);
        Assert.That(Comparison.Differences((await GitSays.AskAsync(folder.Path, repository.Revision, default)).Snapshot, after), Is.Empty);
    }

    [Test]
    public void Differences_OneEventMore_NamesEveryRowThatItTouched()
    {
        var right = new ReadModelSnapshot(
            [new ChurnRow("a", new Tally(1, 2, 3, 0), "FileAdded", "c1")],
            [new ContributionRow("n", "e", new Tally(1, 2, 3, 0))],
            [new ActivityRow(new DateOnly(2020, 1, 1), new Tally(1, 2, 3, 0))]);
        var wrong = new ReadModelSnapshot(
            [new ChurnRow("a", new Tally(2, 4, 6, 0), "FileAdded", "c1")],
            [new ContributionRow("n", "other", new Tally(1, 2, 3, 0))],
            []);

        IReadOnlyList<string> differences = Comparison.Differences(right, wrong);

        Assert.That(differences, Has.Count.EqualTo(4));
        Assert.That(differences, Has.Some.StartWith("churn per file: git says").And.Some.Contains("is not in git's history").And.Exactly(2).EndsWith("is missing"));
        Assert.That(Comparison.Differences(right, right), Is.Empty);
    }

    private static ReadModelSnapshot Summarise(List<GitCommit> commits)
    {
        List<(FileChange Change, string Type)> changes =
            [.. commits.SelectMany(commit => commit.Entries.Select(entry => FileEvents.ToEvent(commit, entry))).Select(e => (FileChange.Read(e.Payload), e.EventType))];
        return new ReadModelSnapshot(
            [.. changes.GroupBy(c => c.Change.Path).Select(g => new ChurnRow(g.Key, Tallies.Sum(g.Select(c => c.Change)), g.Last().Type, g.Last().Change.Commit))],
            [.. changes.GroupBy(c => (c.Change.AuthorName, c.Change.AuthorEmail)).Select(g => new ContributionRow(g.Key.AuthorName, g.Key.AuthorEmail, Tallies.Sum(g.Select(c => c.Change))))],
            [.. changes.GroupBy(c => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(c.Change.At).UtcDateTime)).Select(g => new ActivityRow(g.Key, Tallies.Sum(g.Select(c => c.Change))))]);
    }
}
