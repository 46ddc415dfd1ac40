namespace QuickStart.ReadModels;

/// <summary>What has happened to some files, summed up.</summary>
/// <param name="Changes">How many events.</param>
/// <param name="Added">Lines added.</param>
/// <param name="Removed">Lines removed.</param>
/// <param name="Binaries">How many of the changes were of binary files, which have no lines.</param>
internal sealed record Tally(long Changes, long Added, long Removed, long Binaries)
{
    public static Tally operator +(Tally left, Tally right) =>
        new(left.Changes + right.Changes, left.Added + right.Added, left.Removed + right.Removed, left.Binaries + right.Binaries);
}

/// <summary>One file's churn.</summary>
/// <param name="Path">The path.</param>
/// <param name="Tally">What has happened to it.</param>
/// <param name="LastKind">The newest event's type: right only if the events of one file came in order.</param>
/// <param name="LastCommit">The newest event's commit.</param>
internal sealed record ChurnRow(string Path, Tally Tally, string LastKind, string LastCommit);

/// <summary>One author's contribution. An author is a name and an address, exactly as written.</summary>
internal sealed record ContributionRow(string Name, string Email, Tally Tally);

/// <summary>What happened on one day in UTC.</summary>
internal sealed record ActivityRow(DateOnly Day, Tally Tally);

/// <summary>All three read models, as they were at one moment.</summary>
internal sealed record ReadModelSnapshot(IReadOnlyList<ChurnRow> Churn, IReadOnlyList<ContributionRow> Contributions, IReadOnlyList<ActivityRow> Activity);
