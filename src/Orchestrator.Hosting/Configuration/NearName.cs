namespace Orchestrator.Hosting.Configuration;

/// <summary>Guesses which name was meant.</summary>
internal static class NearName
{
    /// <summary>The name nearest to what was written, or null when none is near: a third of the letters, rounded up, may differ.</summary>
    public static string? Find(string written, IEnumerable<string> names) => names
        .Select(name => (Name: name, Distance: Distance(written.ToUpperInvariant(), name.ToUpperInvariant())))
        .Where(candidate => candidate.Distance <= (written.Length + 2) / 3)
        .OrderBy(candidate => candidate.Distance)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    // How many letters must be put in, taken out or changed (Levenshtein), a row of the table at a time.
    private static int Distance(string a, string b)
    {
        int[] previous = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 0; i < a.Length; i++)
        {
            int[] current = new int[b.Length + 1];
            current[0] = i + 1;
            for (int j = 0; j < b.Length; j++)
            {
                int changed = previous[j] + (a[i] == b[j] ? 0 : 1);
                current[j + 1] = Math.Min(changed, Math.Min(previous[j + 1], current[j]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
