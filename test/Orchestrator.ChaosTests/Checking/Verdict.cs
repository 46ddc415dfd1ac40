namespace Orchestrator.ChaosTests.Checking;

/// <summary>What the checker found in one place.</summary>
/// <param name="Of">The projection, or the log itself.</param>
/// <param name="Events">How many events should be there.</param>
/// <param name="Lost">How many are not.</param>
/// <param name="Twice">How often one was there again.</param>
/// <param name="Phantom">How many are there that should not be: never appended, rolled back, not wanted, or not as they are in the log.</param>
/// <param name="OutOfOrder">How often an event came behind a later one of its aggregate.</param>
internal sealed record Finding(string Of, long Events, long Lost, long Twice, long Phantom, long OutOfOrder)
{
    /// <summary>How often an effect was repeated, under the same key: it may be.</summary>
    public long Repeated { get; init; }

    public bool IsClean => (Lost, Twice, Phantom, OutOfOrder) == (0, 0, 0, 0);
}

/// <summary>What the checker found in all places together.</summary>
internal sealed record Verdict(long Events, long Lost, long Twice, long Phantom, long OutOfOrder)
{
    public bool IsClean => (Lost, Twice, Phantom, OutOfOrder) == (0, 0, 0, 0);

    public static Verdict Of(IReadOnlyList<Finding> findings) => new(
        findings[0].Events, findings.Sum(finding => finding.Lost), findings.Sum(finding => finding.Twice), findings.Sum(finding => finding.Phantom), findings.Sum(finding => finding.OutOfOrder));
}
