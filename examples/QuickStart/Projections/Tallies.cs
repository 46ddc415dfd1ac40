using QuickStart.Importing;
using QuickStart.ReadModels;

namespace QuickStart.Projections;

/// <summary>Counts changes.</summary>
internal static class Tallies
{
    public static Tally Of(FileChange change) => new(1, change.Added ?? 0, change.Removed ?? 0, change.Added is null ? 1 : 0);

    public static Tally Sum(IEnumerable<FileChange> changes) => changes.Select(Of).Aggregate((sum, tally) => sum + tally);
}
