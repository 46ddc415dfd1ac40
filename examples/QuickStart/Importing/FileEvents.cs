using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Events;
using QuickStart.Git;

namespace QuickStart.Importing;

/// <summary>Makes events of commits: one for each file that a commit changed, on the aggregate of that file's path.</summary>
/// <remarks>A rename is one event, <c>FileRenamed</c>, on the aggregate of the new path, where the file lives on. The old path's aggregate just ends.</remarks>
internal static class FileEvents
{
    public const string AggregateType = "File";
    public const string Added = "FileAdded";
    public const string Modified = "FileModified";
    public const string Renamed = "FileRenamed";
    public const string Deleted = "FileDeleted";

    public static string AggregateId(GitEntry entry) => ShortKey.For(entry.Path);

    public static EventData ToEvent(GitCommit commit, GitEntry entry)
    {
        var change = new FileChange(commit.Id, entry.Path, entry.OldPath, commit.AuthorName, commit.AuthorEmail, commit.AuthoredAt, entry.Added, entry.Removed);
        return new EventData(TypeOf(entry), change.ToPayload())
        {
            EventId = IdOf(commit, entry),
            CorrelationId = FromHash(commit.Id),
            CreatedAt = DateTimeOffset.FromUnixTimeSeconds(commit.AuthoredAt),
        };
    }

    private static string TypeOf(GitEntry entry) => entry.Kind switch
    {
        'A' => Added,
        'M' => Modified,
        'R' => Renamed,
        'D' => Deleted,
        _ => throw new ArgumentOutOfRangeException(nameof(entry), entry.Kind, "No event stands for this kind of change."),
    };

    // The same change has the same id in every import, so that the store refuses to take it twice.
    private static Guid IdOf(GitCommit commit, GitEntry entry) => FromHash(string.Create(CultureInfo.InvariantCulture, $"{commit.Id} {entry.Kind} {entry.Path}"));

    private static Guid FromHash(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
