using System.Text.RegularExpressions;
using Orchestrator.Tests.Architecture;

namespace Orchestrator.Tests.Documentation;

/// <summary>docs/troubleshooting.md names only what is there.</summary>
public sealed partial class TroubleshootingPageTests
{
    private const string Troubleshooting = "troubleshooting.md";

    [Test]
    public void Page_EveryEventId_IsExplainedInLogs() => Assert.That(Found(EventId()).Where(id => !Read("logs.md").Contains($"| {id} |", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Page_EveryMetric_IsExplainedInMetrics() => Assert.That(Found(Metric()).Where(name => !Read("metrics.md").Contains($"| `{name}` |", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Page_EveryLinkToAHeading_HasIt()
    {
        IEnumerable<string> broken =
            from link in Link().Matches(Read(Troubleshooting))
            let page = link.Groups["page"] is { Length: > 0 } other ? other.Value : Troubleshooting
            where !Anchors(page).Contains(link.Groups["found"].Value, StringComparer.Ordinal)
            select link.Value;

        Assert.That(broken, Is.Empty);
    }

    private static string[] Found(Regex pattern)
    {
        string[] found = [.. pattern.Matches(Read(Troubleshooting)).Select(match => match.Groups["found"].Value)];
        Assert.That(found, Is.Not.Empty);
        return found;
    }

    private static IEnumerable<string> Anchors(string page) =>
        Heading().Matches(Read(page)).Select(match => Punctuation().Replace(match.Groups["found"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    private static string Read(string page) => File.ReadAllText(Path.Combine(Repository.Root, "docs", page)).ReplaceLineEndings("\n");

    [GeneratedRegex("`(?<found>[1-5][0-9]{3})`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EventId();

    [GeneratedRegex("`(?<found>orchestrator\\.[a-z_.]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Metric();

    [GeneratedRegex("^## (?<found>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Heading();

    [GeneratedRegex("\\]\\((?<page>[a-z]+\\.md)?#(?<found>[^)]+)\\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex("[^a-z0-9_ -]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Punctuation();
}
