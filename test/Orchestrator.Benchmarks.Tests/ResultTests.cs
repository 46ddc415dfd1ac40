using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Scenarios;

namespace Orchestrator.Benchmarks.Tests;

/// <summary>What is said about results: targets, and what has become better or worse.</summary>
public sealed class ResultTests
{
    [TestCase(80, 100, true)]
    [TestCase(79, 100, false)]
    public void IsMetBy_MoreIsBetter_AsksForAtLeastTheRatio(double product, double raw, bool met) =>
        Assert.That(Goal.Ratio(0.8).IsMetBy(Samples.Rate("rate", (product, raw))), Is.EqualTo(met));

    [TestCase(25, true)]
    [TestCase(26, false)]
    public void IsMetBy_LessIsBetter_AsksForAtMostTheFigure(double product, bool met) =>
        Assert.That(Goal.Figure(25).IsMetBy(Samples.Time("time", (product, 1))), Is.EqualTo(met));

    [TestCase("events/s", true)]
    [TestCase("runs/s", true)]
    [TestCase("ms", false)]
    public void MoreIsBetter_Unit_IsSoForWhatIsDoneASecond(string unit, bool moreIsBetter) =>
        Assert.That(new Comparison("case", unit, []).MoreIsBetter, Is.EqualTo(moreIsBetter));

    [Test]
    public void Between_RatesAndTimes_TellsWorseByTheirDirection()
    {
        ScenarioResult before = Samples.Result(Samples.Rate("rate", (50, 100)), Samples.Time("time", (50, 100)), Samples.Time("gone", (1, 1)));
        ScenarioResult after = Samples.Result(Samples.Rate("rate", (25, 100)), Samples.Time("time", (25, 100)), Samples.Time("new", (1, 1)));

        IReadOnlyList<ResultChange> changes = ResultChanges.Between([before], [after]);

        Assert.That(changes.Select(change => (change.Case, change.Worse)), Is.EqualTo(new[] { ("rate", 0.5), ("time", -0.5) }));
    }

    [Test]
    public void Between_DistributionsOfDifferentSize_ComparesPartWithPart()
    {
        ScenarioResult before = Samples.Result([.. Distribution.Of("pause", "ms", [10, 10], [1, 1])]);
        ScenarioResult after = Samples.Result([.. Distribution.Of("pause", "ms", [20, 20, 20], [1, 1, 1])]);

        Assert.That(ResultChanges.Between([before], [after]).Select(change => change.Worse), Is.EqualTo(new[] { 1d, 1, 1, 1 }));
    }

    [Test]
    public async Task Read_WhatWasWritten_IsTheSame()
    {
        string path = Path.GetTempFileName();
        try
        {
            ScenarioResult result = Samples.Result(Samples.Rate("rate", (80, 100), (1, 0)) with { Goal = Goal.Ratio(0.8) }, Distribution.Part("pause", "ms", 0.99, [1], [2]));
            await ResultFile.WriteAsync(path, [result], CancellationToken.None);

            ScenarioResult read = (await ResultFile.ReadAsync(path, CancellationToken.None))[0];

            Assert.That((read.Name, read.Question, read.Quick, read.Machine), Is.EqualTo((result.Name, result.Question, result.Quick, result.Machine)));
            Assert.That(read.Comparisons.Select(comparison => (comparison.Case, comparison.Goal, comparison.Part)), Is.EqualTo(result.Comparisons.Select(comparison => (comparison.Case, comparison.Goal, comparison.Part))));
            Assert.That(read.Comparisons[0].Runs, Is.EqualTo(result.Comparisons[0].Runs));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
