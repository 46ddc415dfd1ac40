using System.Globalization;
using QuickStart.ReadModels;

namespace QuickStart.Checking;

/// <summary>
/// What the read models should be, from git alone. Shares no code with the importer: other invocations of <c>git log</c> (names and line counts apart, newest commit
/// first, author and day as git formats them), another parser, sums of its own.
/// </summary>
internal sealed class GitSays
{
    // README.md explains each flag.
    private static readonly string[] Common =
    [
        "-c", "i18n.logOutputEncoding=UTF-8", "-c", "log.showRoot=true", "-c", "log.showSignature=false", "-c", "log.mailmap=false", "-c", "diff.relative=false",
        "log", "--max-parents=1", "--topo-order", "-z", "-M50%", "-l1000", "--diff-algorithm=default", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=none",
    ];

    private readonly Dictionary<string, ChurnRow> _churn = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, string Email), Tally> _contributions = [];
    private readonly Dictionary<DateOnly, Tally> _activity = [];

    /// <summary>How many files all commits together changed.</summary>
    public long Changes { get; private set; }

    public ReadModelSnapshot Snapshot => new(
        [.. _churn.Values],
        [.. _contributions.Select(entry => new ContributionRow(entry.Key.Name, entry.Key.Email, entry.Value))],
        [.. _activity.Select(entry => new ActivityRow(entry.Key, entry.Value))]);

    public static async Task<GitSays> AskAsync(string repository, string revision, CancellationToken cancellationToken)
    {
        string names = await GitOutput.ReadAsync(repository, [.. Common, "--name-status", "--format=%x01%H", revision, "--"], cancellationToken);
        string counts = await GitOutput.ReadAsync(
            repository, [.. Common, "--numstat", "--date=format-local:%Y-%m-%d", "--format=%x01%H%n%ad%n%ae%n%an", revision, "--"], cancellationToken);
        var says = new GitSays();
        Dictionary<string, Dictionary<string, string>> kinds = NameStatusText.Parse(names);
        foreach (NumStatText.Commit commit in NumStatText.Parse(counts))
        {
            says.Count(commit, kinds[commit.Hash]);
        }

        return says;
    }

    private void Count(NumStatText.Commit commit, Dictionary<string, string> kinds)
    {
        if (kinds.Count != commit.Files.Count)
        {
            throw new InvalidDataException($"git log --name-status lists {kinds.Count} files of {commit.Hash}, --numstat {commit.Files.Count}.");
        }

        DateOnly day = DateOnly.TryParseExact(commit.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly parsed) ? parsed : new DateOnly(1970, 1, 1);
        (string, string) author = (commit.Name, commit.Email);
        foreach (NumStatText.File file in commit.Files)
        {
            bool binary = file.Added == "-";
            var tally = new Tally(1, binary ? 0 : long.Parse(file.Added, CultureInfo.InvariantCulture), binary ? 0 : long.Parse(file.Removed, CultureInfo.InvariantCulture), binary ? 1 : 0);

            // Newest first: the first commit that names a file is the last one that changed it.
            _churn[file.Path] = _churn.TryGetValue(file.Path, out ChurnRow? newer)
                ? newer with { Tally = newer.Tally + tally }
                : new ChurnRow(file.Path, tally, EventType(kinds[file.Path]), commit.Hash);
            _contributions[author] = _contributions.TryGetValue(author, out Tally? contribution) ? contribution + tally : tally;
            _activity[day] = _activity.TryGetValue(day, out Tally? activity) ? activity + tally : tally;
            Changes++;
        }
    }

    private static string EventType(string status) => status[..1] switch
    {
        "A" => "FileAdded",
        "D" => "FileDeleted",
        "R" => "FileRenamed",
        _ => "FileModified",
    };
}
