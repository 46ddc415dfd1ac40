using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Diagnostics;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class StallTests
{
    private readonly ManualTime _time = new();
    private readonly Stall _stall;

    public StallTests() => _stall = new Stall(_time);

    [Test]
    public void Fails_SameCauseAgain_IsSaidLoudlyOnce() =>
        Assert.That(Levels(new TimeoutException("slow"), new TimeoutException("slow"), new TimeoutException("slow")), Is.EqualTo(new[] { LogLevel.Warning, LogLevel.Debug, LogLevel.Debug }));

    [Test]
    public void Fails_SameCauseForLong_IsSaidAgainOnceAMinute()
    {
        Levels(new TimeoutException("slow"));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(Levels(new TimeoutException("slow"), new TimeoutException("slow")), Is.EqualTo(new[] { LogLevel.Warning, LogLevel.Debug }));
    }

    [Test]
    public void Fails_AnotherCause_IsSaidLoudlyToo() =>
        Assert.That(Levels(new TimeoutException("slow"), new TimeoutException("slower"), new FormatException("slower")), Is.All.EqualTo(LogLevel.Warning));

    [Test]
    public void Fails_BehindASuccess_IsSaidLoudlyAgain()
    {
        Levels(new TimeoutException("slow"));
        _stall.Ends();

        Assert.That(Levels(new TimeoutException("slow")), Is.EqualTo(new[] { LogLevel.Warning }));
    }

    [Test]
    public void Ends_BehindFailures_SaysHowManyAndForHowLongOnce()
    {
        Levels(new TimeoutException("slow"));
        _time.Advance(TimeSpan.FromSeconds(3));
        Levels(new TimeoutException("slow"));
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.That(_stall.Ends(), Is.EqualTo((2, TimeSpan.FromSeconds(7))));
        Assert.That(_stall.Ends(), Is.Null);
    }

    private LogLevel[] Levels(params Exception[] failures) => [.. failures.Select(failure => _stall.Fails(failure))];
}
