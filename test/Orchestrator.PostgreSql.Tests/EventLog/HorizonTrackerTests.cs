using Orchestrator.PostgreSql.EventLog;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.PostgreSql.Tests.EventLog;

[Parallelizable(ParallelScope.All)]
public sealed class HorizonTrackerTests
{
    [Test]
    public void Observe_NoHolders_ReachesTheLastValue()
    {
        var tracker = new HorizonTracker(0);

        tracker.Observe(Seen(10));

        Assert.That(tracker.Position, Is.EqualTo(10));
        Assert.That(tracker.HeldSince, Is.Null);
    }

    [Test]
    public void Observe_Holder_StaysAtTheEndOfTheRunWithoutAGap()
    {
        var tracker = new HorizonTracker(0);

        tracker.Observe(Seen(10, contiguousTo: 6, holders: "3/1"));

        Assert.That(tracker.Position, Is.EqualTo(6));
        Assert.That(tracker.HeldSince, Is.Not.Null);
    }

    [Test]
    public void Observe_NewHolder_ReachesTheLastValueFromBeforeIt()
    {
        var tracker = new HorizonTracker(0);
        tracker.Observe(Seen(10));

        tracker.Observe(Seen(15, contiguousTo: 10, holders: "3/1"));
        Assert.That(tracker.Position, Is.EqualTo(10));

        tracker.Observe(Seen(20, contiguousTo: 10, holders: "3/2"));
        Assert.That(tracker.Position, Is.EqualTo(15), "3/1 has ended, 3/2 can only hold what lies beyond 15");
    }

    [Test]
    public void Observe_HoldersThatOverlapForEver_KeepsMoving()
    {
        var tracker = new HorizonTracker(0);
        for (int i = 1; i <= 100; i++)
        {
            tracker.Observe(Seen(i * 10, contiguousTo: 0, holders: [$"3/{i}", $"3/{i + 1}"]));
        }

        Assert.That(tracker.Position, Is.EqualTo(980), "of the two holders at 1000, the older was first listed at 990, after 980");
    }

    [Test]
    public void Observe_OneHolderAmongMany_HoldsUntilItEnds()
    {
        var tracker = new HorizonTracker(0);
        for (int i = 1; i <= 100; i++)
        {
            tracker.Observe(Seen(i * 10, contiguousTo: 3, holders: ["9/9", $"3/{i}"]));
        }

        Assert.That(tracker.Position, Is.EqualTo(3));
        tracker.Observe(Seen(2000, contiguousTo: 3, holders: "3/200"));
        Assert.That(tracker.Position, Is.EqualTo(1000));
    }

    [Test]
    public void Observe_OpenAppendAtStart_DoesNotBlockWhatIsCheckpointed()
    {
        var tracker = new HorizonTracker(500);

        tracker.Observe(Seen(600, contiguousTo: 500, holders: "3/1"));

        Assert.That(tracker.Position, Is.EqualTo(500));
    }

    [Test]
    public void Observe_HolderThatGaveTheLockBackAndTookItAgain_GetsANewBound()
    {
        var tracker = new HorizonTracker(0);
        tracker.Observe(Seen(10, contiguousTo: 0, holders: "3/1"));
        tracker.Observe(Seen(20, contiguousTo: 0));

        tracker.Observe(Seen(30, contiguousTo: 0, holders: "3/1"));

        Assert.That(tracker.Position, Is.EqualTo(20));
    }

    [Test]
    public void Observe_HolderWithNothingMissing_IsNotHeld()
    {
        var tracker = new HorizonTracker(0);

        tracker.Observe(Seen(10, contiguousTo: 10, holders: "3/1"));

        Assert.That(tracker.Position, Is.EqualTo(10));
        Assert.That(tracker.HeldSince, Is.Null);
    }

    [Test]
    public void Observe_LastValueFalls_Throws()
    {
        var tracker = new HorizonTracker(0);
        tracker.Observe(Seen(10));

        Assert.That(() => tracker.Observe(Seen(9)), Throws.TypeOf<EventLogRewoundException>().With.Message.Contains("from 10 to 9"));
    }

    [Test]
    public void Observe_CheckpointBeyondTheLastValue_Throws()
    {
        var tracker = new HorizonTracker(11);

        Assert.That(() => tracker.Observe(Seen(10)), Throws.TypeOf<EventLogRewoundException>().With.Message.Contains("from 11 to 10"));
    }

    // A model of the log: transactions take the lock, draw, take savepoints, roll back to them, end. Steps of theirs fall between the steps of an observation as they please.
    [Test]
    public void Observe_AnyInterleaving_NeverPassesAPositionThatCanStillAppear([Range(0, 9)] int block)
    {
        for (int seed = block * 300; seed < (block + 1) * 300; seed++)
        {
            var model = new AppendModel(seed);
            var tracker = new HorizonTracker(0);
            for (int i = 0; i < 60; i++)
            {
                model.Run(steps: 6);
                tracker.Observe(model.Observe(tracker.Position));
                Assert.That(tracker.Position, Is.LessThan(model.FirstThatCanStillAppear), $"seed {seed}, observation {i}");
            }

            model.EndAll();
            tracker.Observe(model.Observe(tracker.Position, othersAtWork: false));
            Assert.That(tracker.Position, Is.EqualTo(model.LastValue), $"seed {seed}: with nothing open the horizon must reach the end");
        }
    }

    private static HorizonObservation Seen(long lastValue, long contiguousTo = 0, params string[] holders) => new(lastValue, holders, contiguousTo, 1);
}
