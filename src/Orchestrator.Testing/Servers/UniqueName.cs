using System.Text.RegularExpressions;

namespace Orchestrator.Testing.Servers;

/// <summary>Names for databases and schemas that nobody else uses.</summary>
internal static partial class UniqueName
{
    public static string From(string prefix) =>
        Allowed().IsMatch(prefix)
            ? $"{prefix}_{Guid.NewGuid():N}"[..Math.Min(63, prefix.Length + 17)]
            : throw new ArgumentException($"'{prefix}' is not a lower-case letter followed by at most 29 lower-case letters, digits and underscores.", nameof(prefix));

    [GeneratedRegex("^[a-z][a-z0-9_]{0,29}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Allowed();
}
