using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Processing;

namespace Orchestrator.Tests.Processing;

/// <summary>With the defaults: at most 1,000 events, and a batch should take a quarter of a second.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class BatchSizingTests
{
    private readonly Live<ProjectionTuning> _tuning = ProcessingBench.Define(batchSize: 1_000).Tuning;
    private readonly BatchSizing _sizing;

    public BatchSizingTests() => _sizing = new BatchSizing(_tuning);

    [Test]
    public void Limit_BeforeTheFirstBatch_IsModest() => Assert.That(_sizing.Limit, Is.EqualTo(100));

    [Test]
    public void Succeeded_QuickFullBatches_DoublesUpToBatchSize()
    {
        int[] limits = [.. Enumerable.Range(0, 5).Select(_ => Run(perEvent: TimeSpan.FromMicroseconds(1)))];
        Assert.That(limits, Is.EqualTo(new[] { 200, 400, 800, 1_000, 1_000 }));
    }

    [TestCase(1, 200)]
    [TestCase(10, 25)]
    [TestCase(50, 5)]
    [TestCase(2_000, 1)]
    public void Limit_SteadyHandler_ComesToWhatAQuarterOfTheLongestDurationTakes(int millisecondsAnEvent, int expected)
    {
        for (int i = 0; i < 20; i++)
        {
            Run(TimeSpan.FromMilliseconds(millisecondsAnEvent));
        }

        Assert.That(_sizing.Limit, Is.EqualTo(expected));
    }

    [TestCase(0)]
    [TestCase(10)]
    public void Limit_TheBatchTakesLongAndNotItsEvents_ComesBackToMany(int microsecondsAnEvent)
    {
        int[] limits = [.. Enumerable.Range(0, 40).Select(_ => Run(perEvent: TimeSpan.FromMicroseconds(microsecondsAnEvent), perBatch: TimeSpan.FromMilliseconds(400)))];

        Assert.That(limits, Is.All.GreaterThan(50));
        Assert.That(limits[^10..], Is.All.GreaterThan(500));
    }

    [Test]
    public void Succeeded_OneBatchHadToWait_HalvesAtMost()
    {
        _sizing.Succeeded(handled: 3, TimeSpan.FromSeconds(10));
        Assert.That(_sizing.Limit, Is.EqualTo(50));
    }

    [Test]
    public void Succeeded_BatchWithRoomLeft_SaysNothingAboutMore()
    {
        _sizing.Succeeded(handled: 99, TimeSpan.FromMicroseconds(1));
        Assert.That(_sizing.Limit, Is.EqualTo(100));
    }

    [Test]
    public void Failed_AgainAndAgain_ComesToOneEventAndGrowsFromThere()
    {
        for (int i = 0; i < 50; i++)
        {
            _sizing.Failed();
        }

        Assert.That(_sizing.Limit, Is.EqualTo(1));
        Assert.That(Run(TimeSpan.FromMicroseconds(1)), Is.EqualTo(2));
    }

    [Test]
    public void Limit_BatchSizeIsLoweredMeanwhile_IsNeverMore()
    {
        _tuning.Value = _tuning.Value with { BatchSize = 7 };
        Assert.That(_sizing.Limit, Is.EqualTo(7));
        Assert.That(Run(TimeSpan.FromMicroseconds(1)), Is.EqualTo(7));
    }

    private int Run(TimeSpan perEvent, TimeSpan perBatch = default)
    {
        int handled = _sizing.Limit;
        _sizing.Succeeded(handled, perBatch + (perEvent * handled));
        return _sizing.Limit;
    }
}
