using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Tests.Scaling;

/// <summary>What an autoscaler is told under traffic of every shape. A worker manages 1,000 events a second.</summary>
internal sealed class ScalingSignalTests
{
    private static readonly TimeSpan Patience = new ReplicaSetOptions().ScaleDownPatience;

    [TestCase(8, 2_500, 4, TestName = "Ask_SteadyAndTooMany_SettlesWithRoomToSpare")]
    [TestCase(4, 2_500, 4, TestName = "Ask_SteadyAndEnough_LeavesIt")]
    [TestCase(1, 2_500, 3, TestName = "Ask_SteadyAndTooFew_AsksForEnough")]
    [TestCase(5, 0, 1, TestName = "Ask_NoTraffic_AsksForOne")]
    public void Ask_Steady_Settles(int workers, double appendsPerSecond, int expected)
    {
        var replicaSet = new SimulatedReplicaSet(workers);
        replicaSet.Run(TimeSpan.FromHours(1), appendsPerSecond);
        int settled = replicaSet.Said[^1];
        int changes = replicaSet.Changes;
        replicaSet.Run(TimeSpan.FromHours(10), appendsPerSecond);

        Assert.That(settled, Is.InRange(expected, expected + 1));
        Assert.That(replicaSet.Changes, Is.EqualTo(changes), "settled is settled");
        Assert.That(replicaSet.Backlog, Is.LessThan(SimulatedReplicaSet.PerWorker));
    }

    [Test]
    public void Ask_First_IsAsManyAsThereAre() => Assert.That(new SimulatedReplicaSet(7).Ask(), Is.EqualTo(7));

    [Test]
    public void Ask_Spike_RisesAndIsOverSoon()
    {
        var replicaSet = new SimulatedReplicaSet(1);
        replicaSet.Run(TimeSpan.FromMinutes(10), 100);
        replicaSet.Run(TimeSpan.FromMinutes(1), 4_000);
        Assert.That(replicaSet.Said[^1], Is.EqualTo(2));
        replicaSet.Run(TimeSpan.FromMinutes(4), 100);
        Assert.That(replicaSet.Backlog, Is.LessThan(1_000));
        replicaSet.Run(Patience * 2, 100);

        Assert.That(replicaSet.Said[^1], Is.EqualTo(1));
        Assert.That(replicaSet.Said.Max(), Is.LessThanOrEqualTo(4));
    }

    [Test]
    public void Ask_Ramp_FollowsWithoutTurningBack()
    {
        var replicaSet = new SimulatedReplicaSet(1);
        replicaSet.Run(TimeSpan.FromMinutes(30), passed => 10_000 * (passed / TimeSpan.FromMinutes(30)));

        Assert.That(replicaSet.Said, Is.Ordered);
        Assert.That(replicaSet.Said[^1], Is.InRange(10, 20));
        Assert.That(replicaSet.Backlog, Is.LessThan(10_000 * 120), "two minutes' worth");
    }

    [Test]
    public void Ask_Night_ComesDownOnceItHasLasted()
    {
        var replicaSet = new SimulatedReplicaSet(8);
        replicaSet.Run(TimeSpan.FromHours(1), 5_500);
        int day = replicaSet.Said[^1];
        replicaSet.Run(Patience - TimeSpan.FromMinutes(1), 50);
        Assert.That(replicaSet.Said[^1], Is.EqualTo(day), "a lull is no night");
        replicaSet.Run(Patience * 2, 50);

        Assert.That(replicaSet.Said[^1], Is.EqualTo(1));
    }

    [Test]
    public void Ask_BacklogOfMillions_DoublesUntilItIsEnoughAndEnds()
    {
        var replicaSet = new SimulatedReplicaSet(1);
        replicaSet.Append(5_000_000);
        replicaSet.Run(TimeSpan.FromMinutes(15), 0);
        Assert.That(replicaSet.Said.Distinct().Take(4), Is.EqualTo(new[] { 1, 2, 4, 8 }));
        Assert.That(replicaSet.Said.Max(), Is.LessThanOrEqualTo(64));
        Assert.That(replicaSet.Backlog, Is.Zero);
        replicaSet.Run(Patience * 2, 0);

        Assert.That(replicaSet.Said[^1], Is.EqualTo(1));
    }

    [TestCase(950, 1_050)]
    [TestCase(750, 850)]
    [TestCase(1_550, 1_650)]
    [TestCase(1_900, 2_100)]
    public void Ask_AroundAThreshold_DoesNotFlap(double low, double high)
    {
        var replicaSet = new SimulatedReplicaSet(2);
        replicaSet.Run(TimeSpan.FromHours(12), passed => passed.Minutes % 7 < 3 ? low : high);

        Assert.That(replicaSet.Changes, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void Ask_MaxWorkers_IsNotPassed()
    {
        var replicaSet = new SimulatedReplicaSet(2, new ReplicaSetOptions { MaxWorkers = 3 });
        replicaSet.Append(5_000_000);
        replicaSet.Run(TimeSpan.FromMinutes(5), 5_000);

        Assert.That(replicaSet.Said.Max(), Is.EqualTo(3));
    }

    [Test]
    public void Ask_PartitionsSetByHand_IsTheirNumber()
    {
        var replicaSet = new SimulatedReplicaSet(4, new ReplicaSetOptions { PartitionKey = 1, TotalPartitions = 4 });
        replicaSet.Run(TimeSpan.FromHours(1), 0);
        replicaSet.Append(5_000_000);
        replicaSet.Run(TimeSpan.FromMinutes(1), 0);

        Assert.That(replicaSet.Said, Is.All.EqualTo(4));
    }

    [Test]
    public void Ask_SomethingElseIsInTheWay_KeepsItsWord()
    {
        var replicaSet = new SimulatedReplicaSet(3) { Follows = false };
        replicaSet.Run(TimeSpan.FromHours(1), 2_300);
        int before = replicaSet.Said[^1];
        replicaSet.Run(TimeSpan.FromMinutes(30), 2_300, isHindered: true);

        Assert.That(replicaSet.Said[^1], Is.EqualTo(before));
    }

    [Test]
    public void Ask_NobodyFollows_AsksForNoMoreThanTwice()
    {
        var replicaSet = new SimulatedReplicaSet(3) { Follows = false };
        replicaSet.Append(50_000_000);
        replicaSet.Run(TimeSpan.FromMinutes(30), 0);

        Assert.That(replicaSet.Said.Max(), Is.EqualTo(6));
    }

    [Test]
    public void Ask_TargetIsShorterFromNowOn_AsksForMoreAtOnce()
    {
        var replicaSet = new SimulatedReplicaSet(1, new ReplicaSetOptions { CatchUpTarget = TimeSpan.FromHours(12) });
        replicaSet.Append(1_000_000);
        replicaSet.Run(TimeSpan.FromMinutes(2), 0);
        Assert.That(replicaSet.Said, Is.All.EqualTo(1));
        replicaSet.Options.CatchUpTarget = TimeSpan.FromMinutes(5);
        replicaSet.Tuning.Value = ReplicaSetTuning.Of(replicaSet.Options);
        replicaSet.Run(TimeSpan.FromSeconds(15), 0);

        Assert.That(replicaSet.Said[^1], Is.EqualTo(2));
    }

    [Test]
    public void Ask_AskedTwiceAtOnce_TakesOneSample()
    {
        var replicaSet = new SimulatedReplicaSet(1);
        replicaSet.Run(TimeSpan.FromMinutes(1), 100);
        int said = replicaSet.Said[^1];
        replicaSet.Append(5_000_000);

        Assert.That(replicaSet.Ask(), Is.EqualTo(said));
    }
}
