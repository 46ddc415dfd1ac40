using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Tests.Support;
using Orchestrator.Workflows.Diagnostics;
using Orchestrator.Workflows.Journal;
using Orchestrator.Workflows.Tests.Support;

namespace Orchestrator.Workflows.Tests.Diagnostics;

/// <summary>What is measured and traced, and that docs/workflows.md says so. Listens to every host of the process, so it runs alone.</summary>
[NonParallelizable]
internal sealed partial class TelemetryTests
{
    private static readonly string[][] Rows = [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "workflows.md"))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    private readonly CallLog _log = new();

    [Test]
    public async Task Metrics_OfRuns_CountEndsAndAttemptsAsTheDocumentationSays()
    {
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.FailFirst(1)).AddService("b", _log.Fail, s => s.Retry(0)));
        using var metrics = new RecordedMetrics(host.Meters);

        await host.RunToEndAsync();

        Assert.That(metrics.Of("orchestrator.workflow.run.duration").Single().Labels, Is.EquivalentTo(new Dictionary<string, string> { ["workflow"] = "test", ["outcome"] = "failed" }));
        Assert.That(metrics.Of("orchestrator.workflow.attempt.duration").Select(attempt => $"{attempt.Labels["service"]} {attempt.Labels["outcome"]}"), Is.EquivalentTo(new[] { "a failed", "a succeeded", "b failed" }));
        Assert.That(Rows.Single(row => row[0] == "`orchestrator.workflow.attempt.duration`")[4], Is.EqualTo("`workflow`, `service`, `outcome`"));
    }

    [Test]
    public async Task Metrics_ClaimLost_IsCounted()
    {
        var time = new ManualTime();
        var journal = new InMemoryWorkflowJournal(time);
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.Answer), new StolenRuns(journal), time);
        using var metrics = new RecordedMetrics(host.Meters);

        await host.RunToEndAsync();

        Assert.That(metrics.Sum("orchestrator.workflow.claims_lost"), Is.EqualTo(1));
    }

    [Test]
    public void Page_EveryInstrument_HasARow()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        var instruments = new List<Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => instruments.AddRange(instrument.Meter.Scope == meters ? [instrument] : []) };
        listener.Start();

        _ = new WorkflowMetrics(meters, TimeProvider.System);

        Assert.That(Rows.Where(row => row[0].StartsWith("`orchestrator.", StringComparison.Ordinal)).Select(row => $"{row[0]} {row[2]} {row[3]}"), Is.EquivalentTo(instruments.Select(instrument =>
            $"`{instrument.Name}` {instrument.GetType().Name.Split('`')[0].ToLowerInvariant()} `{instrument.Unit}`")));
    }

    [Test]
    public async Task Activities_OfARun_AreItsAttemptsBelowIt()
    {
        using var recorded = new RecordedActivities();
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.FailFirst(1)));

        await host.RunToEndAsync(payload: "secret");

        Activity run = recorded.Named("run test").Single();
        Assert.That(recorded.Named("ask a").Select(attempt => (attempt.ParentSpanId, attempt.Status)), Is.EqualTo(new[] { (run.SpanId, ActivityStatusCode.Error), (run.SpanId, ActivityStatusCode.Unset) }));
        foreach ((string row, Activity activity) in new[] { ("`run <workflow>`", run), ("`ask <service>`", recorded.Named("ask a")[1]) })
        {
            Assert.That(Name().Matches(Rows.Single(cells => cells[0] == row)[3]).Select(match => match.Value), Is.EquivalentTo(activity.TagObjects.Select(tag => tag.Key)));
        }
    }

    [GeneratedRegex(@"[a-z_]+(\.[a-z_]+)+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    /// <summary>The first claim is over as soon as it is used.</summary>
    private sealed class StolenRuns(InMemoryWorkflowJournal inner) : WrappedJournal(inner)
    {
        private bool _stolen;

        public override async ValueTask<DateTimeOffset> AppendAsync(WorkflowClaim claim, JournalEntry entry, CancellationToken cancellationToken)
        {
            if (!_stolen)
            {
                _stolen = true;
                await Inner.ReleaseAsync(claim, cancellationToken);
                throw new WorkflowClaimLostException(claim);
            }

            return await Inner.AppendAsync(claim, entry, cancellationToken);
        }
    }
}
