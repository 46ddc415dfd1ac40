using QuickStart.ReadModels;

namespace QuickStart.Checking;

/// <summary>Compares what the projections made with what git says, row by row.</summary>
internal static class Comparison
{
    /// <summary>Every difference, in words; empty when all is right.</summary>
    public static IReadOnlyList<string> Differences(ReadModelSnapshot git, ReadModelSnapshot projected) =>
    [
        .. Differences("churn per file", git.Churn, projected.Churn, row => row.Path),
        .. Differences("contribution per author", git.Contributions, projected.Contributions, row => (row.Name, row.Email)),
        .. Differences("activity per day", git.Activity, projected.Activity, row => row.Day),
    ];

    private static IEnumerable<string> Differences<TRow, TKey>(string model, IReadOnlyList<TRow> git, IReadOnlyList<TRow> projected, Func<TRow, TKey> key)
        where TRow : class
        where TKey : notnull
    {
        Dictionary<TKey, TRow> wanted = git.ToDictionary(key);
        foreach (TRow row in projected)
        {
            if (!wanted.Remove(key(row), out TRow? expected))
            {
                yield return $"{model}: {row} is not in git's history";
            }
            else if (!row.Equals(expected))
            {
                yield return $"{model}: git says {expected}, the projection {row}";
            }
        }

        foreach (TRow row in wanted.Values)
        {
            yield return $"{model}: {row} is missing";
        }
    }
}
