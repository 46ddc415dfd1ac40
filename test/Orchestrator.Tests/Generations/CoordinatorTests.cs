using System.Collections.Immutable;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Tests.Generations;

internal sealed class CoordinatorTests
{
    private static readonly Guid A = Id(1);
    private static readonly Guid B = Id(2);
    private static readonly Guid C = Id(3);
    private static readonly Guid D = Id(4);

    [Test]
    public void Decide_NobodyThere_Waits() => Assert.That(Coordinator.Decide(Snapshot([])), Is.TypeOf<Decision.Wait>());

    [Test]
    public void Decide_EverybodyGoneFromActiveAndForming_Waits() =>
        Assert.That(Coordinator.Decide(Snapshot([], active: Generation(1, A), forming: Generation(2, A, B))), Is.TypeOf<Decision.Wait>());

    [Test]
    public void Decide_FirstWorkersSettled_FormsTheFirstGeneration()
    {
        FormGeneration form = Formed(Snapshot([Live(A), Live(B)], joinsSettled: true));

        Assert.That(form.ExpectedActive, Is.Null);
        Assert.That(form.ExpectedForming, Is.Null);
        Assert.That(form.Members, Is.EqualTo([A, B]));
        Assert.That(form.Reason, Is.EqualTo("2 workers joined"));
    }

    [Test]
    public void Decide_FirstWorkersNotSettled_Waits() => Assert.That(Coordinator.Decide(Snapshot([Live(A)])), Is.TypeOf<Decision.Wait>());

    [Test]
    public void Decide_MembersAreTheWorkers_Waits() =>
        Assert.That(Coordinator.Decide(Snapshot([Live(B), Live(A)], active: Generation(1, A, B), joinsSettled: true, formingTimedOut: true)), Is.TypeOf<Decision.Wait>());

    [Test]
    public void Decide_JoinNotSettled_Waits() => Assert.That(Coordinator.Decide(Snapshot([Live(A), Live(B)], active: Generation(1, A))), Is.TypeOf<Decision.Wait>());

    [Test]
    public void Decide_JoinSettled_FormsWithTheJoinerBehind()
    {
        FormGeneration form = Formed(Snapshot([Live(B), Live(A)], active: Generation(1, A), joinsSettled: true));

        Assert.That(form, Is.EqualTo(new FormGeneration(1, null, form.Members, "1 worker joined")));
        Assert.That(form.Members, Is.EqualTo([A, B]));
    }

    [Test]
    public void Decide_MemberLeft_FormsAtOnce()
    {
        FormGeneration form = Formed(Snapshot([Live(B)], active: Generation(1, A, B)));

        Assert.That(form.Members, Is.EqualTo([B]));
        Assert.That(form.Reason, Is.EqualTo("1 worker left"));
    }

    [Test]
    public void Decide_MemberLeftWhileJoinersWait_TakesTheJoinersAlong()
    {
        FormGeneration form = Formed(Snapshot([Live(B), Live(C), Live(D)], active: Generation(1, A, B), joinsSettled: false));

        Assert.That(form.Members, Is.EqualTo([B, C, D]));
        Assert.That(form.Reason, Is.EqualTo("1 worker left and 2 workers joined"));
    }

    [Test]
    public void Decide_DeadAndStaleWorkers_RemovesThemBeforeAnythingElse()
    {
        Decision decision = Coordinator.Decide(Snapshot(
            [Live(A), Live(B) with { Removal = RemovalReason.Dead, HeartbeatSequence = 7 }, Live(C) with { Removal = RemovalReason.Stale, HeartbeatSequence = 9 }],
            active: Generation(1, A, B),
            forming: Generation(2, A, B),
            formingTimedOut: true,
            joinsSettled: true));

        Assert.That(decision, Is.TypeOf<Decision.Remove>());
        Assert.That(((Decision.Remove)decision).Removals, Is.EqualTo([new WorkerRemoval(B, RemovalReason.Dead, 7), new WorkerRemoval(C, RemovalReason.Stale, 9)]));
    }

    [Test]
    public void Decide_OnlyWorkerIsStale_RemovesIt() =>
        Assert.That(Coordinator.Decide(Snapshot([Live(A) with { Removal = RemovalReason.Stale }])), Is.TypeOf<Decision.Remove>());

    [Test]
    public void Decide_MemberOfFormingGone_FormsAgainAndSupersedes()
    {
        FormGeneration form = Formed(Snapshot([Live(A), Live(C)], active: Generation(1, A, B), forming: Generation(2, A, B, C)));

        Assert.That(form.ExpectedActive, Is.EqualTo(1));
        Assert.That(form.ExpectedForming, Is.EqualTo(2));
        Assert.That(form.Members, Is.EqualTo([A, C]));
        Assert.That(form.Reason, Does.Contain("1 worker left while a generation formed"));
    }

    [Test]
    public void Decide_JoinWhileForming_LeavesItForTheNextGeneration()
    {
        Decision decision = Coordinator.Decide(Snapshot([Live(A, acknowledged: 1), Live(B)], forming: Generation(1, A), joinsSettled: true));

        Assert.That(decision, Is.EqualTo(new Decision.Activate(new ActivateGeneration(1, ((Decision.Activate)decision).Transition.Excused))));
        Assert.That(((Decision.Activate)decision).Transition.Excused, Is.Empty);
    }

    [Test]
    public void Decide_MemberHasNotAcknowledged_Waits() =>
        Assert.That(Coordinator.Decide(Snapshot([Live(A, acknowledged: 2), Live(B, acknowledged: 1)], forming: Generation(2, A, B))), Is.TypeOf<Decision.Wait>());

    [Test]
    public void Decide_OldMemberOutsideTheFormingHasNotAcknowledged_Waits() =>
        Assert.That(
            Coordinator.Decide(Snapshot([Live(A, acknowledged: 2), Live(B, acknowledged: 1)], active: Generation(1, A, B), forming: Generation(2, A))),
            Is.TypeOf<Decision.Wait>());

    [Test]
    public void Decide_OldMemberIsGone_IsNotWaitedFor() =>
        Assert.That(Excused(Snapshot([Live(A, acknowledged: 2)], active: Generation(1, A, B), forming: Generation(2, A))), Is.Empty);

    [Test]
    public void Decide_AllAcknowledged_Activates() =>
        Assert.That(Excused(Snapshot([Live(A, acknowledged: 2), Live(B, acknowledged: 3)], active: Generation(1, A), forming: Generation(2, A, B))), Is.Empty);

    [Test]
    public void Decide_AcknowledgementsTimedOut_ActivatesAndExcusesWhoIsMissing() =>
        Assert.That(
            Excused(Snapshot([Live(A, acknowledged: 2), Live(B, acknowledged: 1), Live(C)], active: Generation(1, A, B), forming: Generation(2, A, B), formingTimedOut: true)),
            Is.EqualTo([B]),
            "C is a newcomer that the forming generation does not know");

    [Test]
    public void Decide_TheStrategyIsRolling_FormsGenerationsOfIt() =>
        Assert.That(Formed(Snapshot([Live(A)], joinsSettled: true) with { Strategy = RebalanceStrategy.Rolling }).Strategy, Is.EqualTo(RebalanceStrategy.Rolling));

    [TestCase(RebalanceStrategy.Recreate)]
    [TestCase(RebalanceStrategy.Rolling)]
    public void Decide_ARollingGenerationForms_ActivatesWithoutAnyAcknowledgementWhateverTheLeadersOwnStrategyIs(RebalanceStrategy own) =>
        Assert.That(Excused(Snapshot([Live(A), Live(B)], active: Generation(1, A), forming: Generation(2, A, B) with { Strategy = RebalanceStrategy.Rolling }) with { Strategy = own }), Is.Empty);

    [Test]
    public void Decide_ARollingGenerationHasFormedForLong_ExcusesWhoHasNotAcknowledged() =>
        Assert.That(
            Excused(Snapshot([Live(A), Live(B), Live(C)], active: Generation(1, A), forming: Generation(2, A, B) with { Strategy = RebalanceStrategy.Rolling }, formingTimedOut: true)),
            Is.EqualTo([A, B]),
            "their sessions may be ended where they hold a row");

    [Test]
    public void Decide_BackingOff_FormsNothing()
    {
        Assert.That(Coordinator.Decide(Snapshot([Live(B)], active: Generation(1, A, B), backingOff: true)), Is.TypeOf<Decision.Wait>(), "a leave");
        Assert.That(Coordinator.Decide(Snapshot([Live(A)], joinsSettled: true, backingOff: true)), Is.TypeOf<Decision.Wait>(), "a join");
        Assert.That(Coordinator.Decide(Snapshot([Live(A)], forming: Generation(1, A, B), backingOff: true)), Is.TypeOf<Decision.Wait>(), "a forming member gone");
    }

    [Test]
    public void Decide_BackingOff_StillRemovesAndActivates()
    {
        Assert.That(Coordinator.Decide(Snapshot([Live(A) with { Removal = RemovalReason.Dead }], backingOff: true)), Is.TypeOf<Decision.Remove>());
        Assert.That(Excused(Snapshot([Live(A, acknowledged: 1)], forming: Generation(1, A), backingOff: true)), Is.Empty);
    }

    [Test]
    public void Decide_MembersStayInAnyRegistrationOrder_KeepTheirPlacesAndNewcomersFollow()
    {
        FormGeneration form = Formed(Snapshot([Live(D), Live(C), Live(A), Live(B)], active: Generation(1, B, C, A), joinsSettled: true));

        Assert.That(form.Members, Is.EqualTo([B, C, A, D]));
    }

    [Test]
    public void Decide_MiddleMemberLeft_OthersKeepTheirOrderAndNewcomersFollowAsRegistered()
    {
        FormGeneration form = Formed(Snapshot([Live(D), Live(A), Live(B)], active: Generation(1, B, C, A)));

        Assert.That(form.Members, Is.EqualTo([B, A, D]));
    }

    [Test]
    public void Decide_MoreWorkersThanMayTakePart_TheFirstOnesDo()
    {
        FormGeneration form = Formed(Snapshot([Live(A), Live(B), Live(C)], joinsSettled: true) with { MaxWorkers = 2 });

        Assert.That(form.Members, Is.EqualTo([A, B]));
        Assert.That(form.Reason, Is.EqualTo("2 workers joined"));
    }

    [Test]
    public void Decide_OnlySurplusWorkersBesideTheMembers_Waits() =>
        Assert.That(
            Coordinator.Decide(Snapshot([Live(C), Live(A), Live(B)], active: Generation(1, A, B), joinsSettled: true) with { MaxWorkers = 2 }),
            Is.TypeOf<Decision.Wait>(),
            "who stands by changes nothing, and members keep their places before those who registered earlier");

    [Test]
    public void Decide_MemberGoneAndOneStandsBy_TheStandbyTakesItsPlace() =>
        Assert.That(Formed(Snapshot([Live(A), Live(C)], active: Generation(1, A, B)) with { MaxWorkers = 2 }).Members, Is.EqualTo([A, C]));

    [Test]
    public void Decide_LimitLowered_SendsTheLastOnStandby()
    {
        FormGeneration form = Formed(Snapshot([Live(A), Live(B), Live(C)], active: Generation(1, A, B, C)) with { MaxWorkers = 2 });

        Assert.That(form.Members, Is.EqualTo([A, B]));
        Assert.That(form.Reason, Is.EqualTo("1 worker now on standby"));
    }

    [Test]
    public void Decide_OnlyASurplusWorkerHasAProjection_ItTakesPartInsteadOfAnother()
    {
        ImmutableArray<WorkerSnapshot> workers = [Live(A) with { Projections = ["old"] }, Live(B) with { Projections = ["old"] }, Live(C) with { Projections = ["old", "new"] }];
        ReplicaSetSnapshot snapshot = Snapshot(workers, active: Generation(1, A, B), joinsSettled: true) with { MaxWorkers = 2 };

        FormGeneration form = Formed(snapshot);
        Assert.That(form.Members, Is.EqualTo([A, C]));
        Assert.That(form.Reason, Is.EqualTo("1 worker now on standby and 1 worker joined"));
        Assert.That(Coordinator.Decide(snapshot with { Active = new Generation(2, form.Members) }), Is.TypeOf<Decision.Wait>(), "and so it stays");
    }

    [Test]
    public void Decide_PartitionTakenByHand_FormsNothingAndNamesTheWorker()
    {
        Decision decision = Coordinator.Decide(Snapshot([Live(A), Live(B, acknowledged: 3) with { IsStatic = true }], joinsSettled: true));

        Assert.That(decision, Is.TypeOf<Decision.Blocked>());
        Assert.That(((Decision.Blocked)decision).StaticWorkers, Is.EqualTo([B]));
    }

    [Test]
    public void Decide_WorkerSetByHandHasNothingYet_FormsWithoutIt() =>
        Assert.That(Formed(Snapshot([Live(A), Live(B) with { IsStatic = true }], joinsSettled: true)).Members, Is.EqualTo([A]));

    [Test]
    public void Decide_OnlyWorkersSetByHand_Waits() =>
        Assert.That(Coordinator.Decide(Snapshot([Live(A) with { IsStatic = true }], joinsSettled: true)), Is.TypeOf<Decision.Wait>());

    private static FormGeneration Formed(ReplicaSetSnapshot snapshot)
    {
        Decision decision = Coordinator.Decide(snapshot);
        Assert.That(decision, Is.TypeOf<Decision.Form>());
        return ((Decision.Form)decision).Transition;
    }

    private static ImmutableArray<Guid> Excused(ReplicaSetSnapshot snapshot)
    {
        Decision decision = Coordinator.Decide(snapshot);
        Assert.That(decision, Is.TypeOf<Decision.Activate>());
        ActivateGeneration transition = ((Decision.Activate)decision).Transition;
        Assert.That(transition.GenerationId, Is.EqualTo(snapshot.Forming!.Id));
        return transition.Excused;
    }

    private static ReplicaSetSnapshot Snapshot(
        ImmutableArray<WorkerSnapshot> workers,
        Generation? active = null,
        Generation? forming = null,
        bool joinsSettled = false,
        bool formingTimedOut = false,
        bool backingOff = false) =>
        new(active, forming, workers, joinsSettled, formingTimedOut, backingOff);

    private static WorkerSnapshot Live(Guid id, long acknowledged = 0) => new(id, acknowledged, 1, null);

    private static Generation Generation(long id, params Guid[] members) => new(id, [.. members]);

    private static Guid Id(byte number) => new(number, 0, 0, new byte[8]);
}
