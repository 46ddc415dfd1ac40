using System.Text.RegularExpressions;
using Orchestrator.Testing.Shared;

namespace Deployment.Tests.Grafana;

/// <summary>The metrics that exist: those of the table of docs/metrics.md, which other tests check against the code.</summary>
internal static partial class MetricNames
{
    private static readonly string[] Suffixes = ["_bucket", "_sum", "_count"];

    private static readonly HashSet<string> Known =
    [
        .. File.ReadAllLines(Path.Combine(SourceTree.Root, "docs", "metrics.md"))
            .Where(line => line.StartsWith("| `orchestrator.", StringComparison.Ordinal))
            .Select(line => line.Split('|')[2].Trim(' ', '`')),
    ];

    /// <summary>The names in a text that no metric has.</summary>
    public static IEnumerable<string> UnknownIn(string text) => NamedIn(text).Where(name => !Exists(name));

    /// <summary>The names of metrics in a text.</summary>
    public static IEnumerable<string> NamedIn(string text) => Name().Matches(text).Select(match => match.Value).Distinct();

    private static bool Exists(string name) => Known.Contains(name) || Suffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal) && Known.Contains(name[..^suffix.Length]));

    [GeneratedRegex("orchestrator_[a-z_]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
