namespace QuickStart.Git;

/// <summary>A commit with one parent or none, and what it changed.</summary>
/// <param name="Id">The commit's hash.</param>
/// <param name="AuthorName">As the commit has it, re-encoded to UTF-8.</param>
/// <param name="AuthorEmail">As the commit has it.</param>
/// <param name="AuthoredAt">Seconds since 1970 in UTC; 0 where the commit has no usable date.</param>
/// <param name="Entries">The files it changed, in git's order; empty for a commit that changes none.</param>
internal sealed record GitCommit(string Id, string AuthorName, string AuthorEmail, long AuthoredAt, IReadOnlyList<GitEntry> Entries);

/// <summary>What a commit did to one file.</summary>
/// <param name="Kind">Git's letter: A added, M modified (T, a change of type, counts as M), R renamed, D deleted.</param>
/// <param name="Path">The file's path behind the commit; of a deleted file, before it.</param>
/// <param name="OldPath">Where a renamed file was before; else null.</param>
/// <param name="Added">Lines added; null for a binary file.</param>
/// <param name="Removed">Lines removed; null for a binary file.</param>
internal sealed record GitEntry(char Kind, string Path, string? OldPath, int? Added, int? Removed);
