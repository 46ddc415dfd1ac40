using Orchestrator.Hosting.Doctor;

namespace Orchestrator.Tests.Doctor;

/// <summary>What is normal for a moment is no finding, and what is said once is not said twice.</summary>
internal sealed class DiagnosisTests
{
    private static readonly HorizonReport Free = new(10, 10, []);
    private static readonly SeenWorker Worker = new("main", "worker 1", IsStatic: false, ["totals"], TimeSpan.FromHours(1), TimeSpan.FromSeconds(4), IsGone: false);
    private static readonly SeenReplicaSet Main = new("main", Forming: null, RecentGenerations: 3, []);
    private static readonly SeenProjection Totals = new("main", "totals", 10, TimeSpan.FromHours(1), UnownedSlots: 0);
    private static readonly DoctorSnapshot Well = new(Free, [Worker], [Main], [Totals], [], new SeenConnections(50, 97));

    [Test]
    public void Of_AllIsWell_FindsNothing() => Assert.That(Codes(Well), Is.Empty);

    [TestCase(9.9, 0)]
    [TestCase(10, 1)]
    [TestCase(null, 1)]
    public void Of_AnOpenAppend_IsAFindingOnceItIsOld(double? seconds, int expected)
    {
        var holder = new HorizonHolder { ProcessId = 1, Age = seconds is { } age ? TimeSpan.FromSeconds(age) : null };

        Assert.That(Codes(Well with { Horizon = new HorizonReport(11, 10, [holder]) }), Has.Length.EqualTo(expected).And.All.EqualTo("horizon-held"));
        Assert.That(Codes(Well with { Horizon = new HorizonReport(10, 10, [holder]) }), Is.Empty, "nothing waits behind it");
    }

    [Test]
    public void Of_SlotsBetweenTwoOwners_AreNoFindingWhileTheirShareIsDealt()
    {
        DoctorSnapshot unowned = Well with { Projections = [Totals with { UnownedSlots = 7 }] };

        Assert.That(Codes(unowned), Is.EqualTo(new[] { "slots-without-owner" }));
        Assert.That(Codes(unowned with { ReplicaSets = [Main with { Forming = TimeSpan.FromSeconds(1) }] }), Is.Empty);
        Assert.That(Codes(unowned with { Workers = [Worker, Worker with { Registered = TimeSpan.FromSeconds(1) }] }), Is.Empty);
        Assert.That(Diagnosis.Of(unowned with { Workers = [] }).Findings.Single().WayOut, Does.StartWith("Start a worker"));
    }

    [Test]
    public void Of_AProjectionBehindTheOthers_StandsStillOnlyIfItHasNotMovedForLong()
    {
        SeenProjection slow = Totals with { Name = "slow", Position = 4 };

        Assert.That(Codes(Well with { Projections = [Totals, slow] }), Is.EqualTo(new[] { "projection-stands-still" }));
        Assert.That(Codes(Well with { Projections = [Totals, slow with { SinceMoved = TimeSpan.FromSeconds(59) }] }), Is.Empty);
    }

    [TestCase(86, 0)]
    [TestCase(88, 1)]
    public void Of_Connections_AreScarceFromNineInTen(int used, int expected) =>
        Assert.That(Codes(Well with { Connections = new SeenConnections(used, 97) }), Has.Length.EqualTo(expected).And.All.EqualTo("connections-scarce"));

    [Test]
    public void Of_AStrangerOfAnotherName_IsNobodysBusiness()
    {
        Assert.That(Codes(Well with { Strangers = [new SeenStranger("shop", IsHere: false, "elsewhere")] }), Is.Empty);
        Assert.That(Codes(Well with { Strangers = [new SeenStranger("shop", IsHere: false, "main")] }), Is.EqualTo(new[] { "workers-elsewhere" }));
    }

    private static string[] Codes(DoctorSnapshot snapshot) => [.. Diagnosis.Of(snapshot).Findings.Select(finding => finding.Code)];
}
