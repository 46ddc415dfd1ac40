using Orchestrator.Hosting.Scaling;

namespace Orchestrator.Tests.Scaling;

/// <summary>How many workers the work needs, from one sample to the next.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LoadMeterTests
{
    private const int Workers = 2;

    private static readonly TimeSpan Target = TimeSpan.FromMinutes(2);

    private readonly LoadMeter _meter = new(TimeProvider.System);
    private long _seconds;

    [Test]
    public void Measure_FirstSample_KnowsNothing() => Assert.That(Measure(end: 10, position: 5), Is.Null);

    [Test]
    public void Measure_NothingToDo_NeedsNobody()
    {
        Measure(end: 10, position: 10);

        Assert.That(Measure(end: 10, position: 10), Is.Zero);
    }

    [Test]
    public void Measure_WaitsAndNothingIsDoneYet_KnowsNothing()
    {
        Measure(end: 10, position: 0);

        Assert.That(Measure(end: 10, position: 0), Is.Null);
    }

    [Test]
    public void Measure_KeepsUp_NeedsItsShareOfTheTime()
    {
        Measure(end: 0, position: 0);

        Assert.That(Measure(end: 1_000, position: 1_000, busySeconds: 3), Is.EqualTo(Workers * 3 / 10.0).Within(0.001));
    }

    [Test]
    public void Measure_KeepsUpWithBatchesThatTakeLong_NeedsNoMoreThanThereAre()
    {
        Measure(end: 0, position: 0);

        Assert.That(Measure(end: 1_000, position: 1_000, busySeconds: 50), Is.EqualTo(Workers));
    }

    [Test]
    public void Measure_Behind_CountsTheWholeTimeAsWork()
    {
        Measure(end: 100_000, position: 0);

        // 100 a second by two workers; 99,000 in two minutes are 825 a second.
        Assert.That(Measure(end: 100_000, position: 1_000, busySeconds: 1), Is.EqualTo(825 / 50.0).Within(0.001));
    }

    [Test]
    public void Measure_AnotherGeneration_BeginsAnew()
    {
        Measure(end: 0, position: 0);

        Assert.That(Measure(end: 1_000, position: 500, generation: 2), Is.Null);
    }

    // Ten seconds behind the last one.
    private double? Measure(long end, long position, double busySeconds = 0, long generation = 1) => _meter.Measure(
        new LoadSample(10 * ++_seconds * TimeProvider.System.TimestampFrequency, generation, Workers, end, [new ProjectionLoad("totals", position, TimeSpan.FromSeconds(busySeconds))]), Target);
}
