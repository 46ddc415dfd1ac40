using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Diagnostics;

public sealed class RepeatFilterTests
{
    [Test]
    public void IsNews_OfTheSameMessage_OnlyAfterAMinute()
    {
        var time = new ManualTime();
        var filter = new RepeatFilter(time);

        Assert.That(filter.IsNews("away"));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(filter.IsNews("away"), Is.False);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(filter.IsNews("away"));
    }

    [Test]
    public void IsNews_OfAnotherMessage_AtOnce()
    {
        var filter = new RepeatFilter(new ManualTime());

        Assert.That(new[] { "away", "starting", "starting", "away" }.Select(filter.IsNews), Is.EqualTo(new[] { true, true, false, true }));
    }
}
