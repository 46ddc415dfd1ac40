using System.Diagnostics;
using System.Text.RegularExpressions;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Tests.Architecture;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Documentation;

/// <summary>The table of docs/tracing.md has every activity, with its kind and its attributes, as the code has it.</summary>
[NonParallelizable]
internal sealed partial class TracingPageTests
{
    private static readonly string[][] Rows = [.. File.ReadAllLines(Path.Combine(Repository.Root, "docs", "tracing.md"))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    [Test]
    public async Task Page_EveryActivity_HasARowWithItsKindAndAttributes()
    {
        using var recorded = new RecordedActivities();
        await MakeEachAsync();

        Assert.That(Rows.Select(row => row[0].Trim('`')), Is.EqualTo(recorded.Ended.Select(activity => activity.DisplayName)));
        foreach ((string[] row, Activity activity) in Rows.Zip(recorded.Ended))
        {
            Assert.That(row[1], Is.EqualTo(activity.Kind.ToString().ToLowerInvariant()));
            Assert.That(Name().Matches(row[3]).Select(match => match.Value), Is.EquivalentTo(activity.TagObjects.Select(tag => tag.Key)), activity.DisplayName);
        }
    }

    // As the code that makes them does, with names that stand for names.
    private static async Task MakeEachAsync()
    {
        using (Activity? append = Tracing.Append("<aggregate type>", 1))
        {
            append!.SetTag("orchestrator.position", 1);
        }

        using (Activity? batch = Tracing.Batch("main", "<projection>", 1, default))
        {
            batch.Applied(1, 1);
        }

        await Tracing.Each("totals", "main", static (_, _) => ValueTask.CompletedTask)(TestEvents.At(1) with { EventType = "<event type>" }, CancellationToken.None);
        Tracing.Step("register worker", "main", Guid.Empty)!.Dispose();
        Tracing.Step("form generation", "main", Guid.Empty, 1)!.SetTag("orchestrator.partitions", 1).Dispose();
        Tracing.Step("activate generation", "main", Guid.Empty, 1)!.Dispose();
        Tracing.Step("drain", "main", Guid.Empty, 1)!.Dispose();
    }

    [GeneratedRegex("[a-z_]+(\\.[a-z_]+)+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
