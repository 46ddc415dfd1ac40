using System.Globalization;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>A migration that the database has, or that this version of the library has, or both.</summary>
/// <param name="Version">Its number; 0: an existing log was adopted.</param>
/// <param name="Name">Its name.</param>
/// <param name="AppliedAt">When it was applied to the database; null: it is missing there.</param>
/// <param name="IsKnown">Whether this version of the library knows it; if not, the database is newer.</param>
public sealed record MigrationState(int Version, string Name, DateTimeOffset? AppliedAt, bool IsKnown)
{
    /// <summary>How its files' names begin.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Version:000}_{Name}");
}
