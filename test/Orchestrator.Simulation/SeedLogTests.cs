using System.Globalization;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Simulation.CommandLine;
using Orchestrator.Simulation.Scenarios;

namespace Orchestrator.Simulation;

/// <summary>The record of a long run.</summary>
public sealed class SeedLogTests
{
    private DirectoryInfo _folder = null!;

    private string Record => Path.Combine(_folder.FullName, "seeds.csv");

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("seeds-");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [Test]
    public void Run_SomeSeeds_WritesALineForEachPart()
    {
        SeedSummary summary = Run(from: 5, count: 5);

        Assert.That(Ranges(), Is.EqualTo(new[] { "5,6", "7,8", "9,9" }));
        Assert.That(summary.Seeds, Is.EqualTo(5));
        Assert.That(File.ReadLines(Record).Skip(1).Sum(line => long.Parse(line.Split(',')[2], CultureInfo.InvariantCulture)), Is.EqualTo(summary.Steps));
    }

    [Test]
    public void Run_RecordThatEndsInTheMiddle_GoesOnWhereItEnds()
    {
        Run(from: 1, count: 4);

        SeedSummary more = Run(from: 1, count: 8);

        Assert.That(more.Seeds, Is.EqualTo(4));
        Assert.That(Ranges(), Is.EqualTo(new[] { "1,2", "3,4", "5,6", "7,8" }));
        Assert.That(Run(from: 1, count: 8).Seeds, Is.Zero, "all done");
    }

    [Test]
    public void Run_RecordThatEndsWithAViolation_RunsThatPartAgain()
    {
        Run(from: 1, count: 4);
        string[] lines = File.ReadAllLines(Record);
        string[] last = lines[^1].Split(',');
        last[6] = "1";
        File.WriteAllLines(Record, [.. lines[..^1], string.Join(',', last)]);

        Assert.That(Run(from: 1, count: 4).Seeds, Is.EqualTo(2));
        Assert.That(Ranges(), Is.EqualTo(new[] { "1,2", "3,4", "3,4" }));
    }

    [Test]
    public void Run_AnotherStrategy_RunsTheSameSeedsAgain()
    {
        Run(from: 1, count: 2);

        Assert.That(Run(from: 1, count: 2, RebalanceStrategy.Rolling).Seeds, Is.EqualTo(2));
        Assert.That(Run(from: 1, count: 2).Seeds, Is.Zero);
        Assert.That(Run(from: 1, count: 2, RebalanceStrategy.Rolling).Seeds, Is.Zero);
    }

    private SeedSummary Run(int from, int count, RebalanceStrategy? strategy = null) => new SeedLog(Record, seedsPerLine: 2).Run(from, count, strategy, TestContext.CurrentContext.CancellationToken);

    private string[] Ranges() => [.. File.ReadLines(Record).Skip(1).Select(line => string.Join(',', line.Split(',')[..2]))];
}
