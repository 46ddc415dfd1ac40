using System.Diagnostics;
using Orchestrator.Benchmarks.Scenarios;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.Tests;

/// <summary>What is concluded from commits of several processes.</summary>
public sealed class CommitGapsTests
{
    private static readonly Guid One = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Two = Guid.Parse("00000000-0000-0000-0000-000000000002");

    [Test]
    public void LongestBetween_CommitsInAnyOrder_TakesTheLongestPauseWithTheBorders()
    {
        var gaps = new CommitGaps([At(700, One, "a"), At(100, One, "a"), At(200, One, "a"), At(250, One, "b"), At(260, Two, "b")]);

        IReadOnlyDictionary<string, (double Milliseconds, bool Stayed)> longest = gaps.LongestBetween(Ticks(0), Ticks(600));

        Assert.That(longest["a"], Is.EqualTo((400d, true)));
        Assert.That(longest["b"], Is.EqualTo((340d, false)));
    }

    [Test]
    public void ApartFrom_OwnerBeforeTheTime_CountsAsItsOwner()
    {
        var gaps = new CommitGaps([At(50, One, "waits"), At(250, Two, "waits"), At(60, Two, "apart"), At(150, One, "slow"), At(160, Two, "apart"), At(170, Two, "joins"), At(260, One, "joins")]);

        IReadOnlyList<string> apart = gaps.ApartFrom("slow", Ticks(100), Ticks(200));

        Assert.That(apart, Is.EquivalentTo(new[] { "apart" }));
    }

    private static Commit At(int milliseconds, Guid worker, params string[] aggregates) => new(Ticks(milliseconds), worker, aggregates);

    private static long Ticks(int milliseconds) => milliseconds * Stopwatch.Frequency / 1_000;
}
