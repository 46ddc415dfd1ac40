using System.Globalization;
using System.Text;
using Orchestrator.ChaosTests.Checking;
using Orchestrator.ChaosTests.Faults;

namespace Orchestrator.ChaosTests.CommandLine;

/// <summary>What came of a run.</summary>
/// <param name="Settings">What it was told.</param>
/// <param name="Tally">Which faults there were.</param>
/// <param name="Found">What the checker found: of the log, and of each projection.</param>
/// <param name="CaughtUpIn">How long after the last fault everything was applied; null: not in time.</param>
/// <param name="Findings">What else was noticed that should not be.</param>
internal sealed record ChaosReport(ChaosSettings Settings, FaultTally Tally, IReadOnlyList<Finding> Found, TimeSpan? CaughtUpIn, IReadOnlyList<string> Findings)
{
    /// <summary>How many generations and attempts at them there were.</summary>
    public long Generations { get; init; }

    /// <summary>Why the run has failed; empty: it has not.</summary>
    public IReadOnlyList<string> Failures =>
    [
        .. Tally.NeverFired.Select(kind => $"the fault {kind} never struck"),
        .. Found.Where(finding => !finding.IsClean).Select(finding => $"{finding.Of}: {finding.Lost} lost, {finding.Twice} twice, {finding.Phantom} phantom, {finding.OutOfOrder} out of order"),
        .. CaughtUpIn is null ? (string[])["not everything was applied in time"] : [],
        .. Findings,
    ];

    /// <summary>Two tables and a verdict.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Row(text, $"{"fault",-26}{"struck",8}{"nothing to strike",20}");
        foreach ((string kind, (int fired, int missed)) in Tally.Counts)
        {
            Row(text, $"{kind,-26}{fired,8}{missed,20}");
        }

        foreach ((string kind, string why) in Tally.Skipped)
        {
            Row(text, $"{kind,-26} skipped: {why}");
        }

        Row(text, $"{"all",-26}{Tally.Fired,8}\n");
        Row(text, $"{"",-12}{"events",10}{"lost",8}{"duplicated",12}{"phantom",10}{"out of order",14}{"repeated",10}");
        foreach (Finding finding in Found)
        {
            Row(text, $"{finding.Of,-12}{finding.Events,10}{finding.Lost,8}{finding.Twice,12}{finding.Phantom,10}{finding.OutOfOrder,14}{finding.Repeated,10}");
        }

        string caughtUp = CaughtUpIn is { } time ? string.Create(CultureInfo.InvariantCulture, $"everything was applied {time.TotalSeconds:0.0} s after the last fault") : "not everything was applied in time";
        Row(text, $"\nseed {Settings.Seed}, {Generations} generations; {caughtUp}");
        foreach (string failure in Failures)
        {
            Row(text, $"FAILURE: {failure}");
        }

        Row(text, $"{(Failures.Count == 0 ? "Nothing lost, nothing twice, order kept." : "FAILED.")}");
        return text.ToString();
    }

    private static void Row(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
