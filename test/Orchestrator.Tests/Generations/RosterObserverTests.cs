using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Generations;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RosterObserverTests
{
    private static readonly Guid A = Guid.NewGuid();
    private static readonly Guid B = Guid.NewGuid();
    private static readonly Guid C = Guid.NewGuid();
    private static readonly TimeSpan Instant = TimeSpan.FromTicks(1);

    private readonly ReplicaSetOptions _options = new();
    private readonly ManualTime _time = new();
    private readonly RosterObserver _observer;

    public RosterObserverTests() => _observer = new RosterObserver(_options, TestEnvironment.On(_time));

    [Test]
    public void Observe_FirstSight_JudgesNobody() => Assert.That(RemovalOf(A, Observe(Worker(A, 0))), Is.Null);

    [Test]
    public void Observe_SequenceUnmoved_IsStaleAtTheTimeOutAndNotBefore()
    {
        Observe(Worker(A, 5));
        _time.Advance(_options.StaleWorkerTimeout - Instant);
        Assert.That(RemovalOf(A, Observe(Worker(A, 5))), Is.Null);
        _time.Advance(Instant);
        Assert.That(RemovalOf(A, Observe(Worker(A, 5))), Is.EqualTo(RemovalReason.Stale));
    }

    [TestCase(6, TestName = "{m}(forwards)")]
    [TestCase(1, TestName = "{m}(backwards, as behind a server's crash)")]
    public void Observe_SequenceMoved_IsLife(long movedTo)
    {
        Observe(Worker(A, 5));
        _time.Advance(_options.StaleWorkerTimeout);
        Assert.That(RemovalOf(A, Observe(Worker(A, movedTo))), Is.Null);
        _time.Advance(_options.StaleWorkerTimeout - Instant);
        Assert.That(RemovalOf(A, Observe(Worker(A, movedTo))), Is.Null, "the time-out counts from the move");
        _time.Advance(Instant);
        Assert.That(RemovalOf(A, Observe(Worker(A, movedTo))), Is.EqualTo(RemovalReason.Stale));
    }

    [Test]
    public void Observe_OneOfTwoMoves_OnlyTheOtherIsStale()
    {
        Observe(Worker(A, 1), Worker(B, 1));
        _time.Advance(_options.StaleWorkerTimeout);
        ReplicaSetSnapshot snapshot = Observe(Worker(A, 1), Worker(B, 2));

        Assert.That(RemovalOf(A, snapshot), Is.EqualTo(RemovalReason.Stale));
        Assert.That(RemovalOf(B, snapshot), Is.Null);
    }

    [Test]
    public void Observe_SessionLockFree_IsDeadAtOnce() => Assert.That(RemovalOf(A, Observe(Worker(A, 1) with { SessionHeld = false })), Is.EqualTo(RemovalReason.Dead));

    [Test]
    public void Observe_WorkerGoneAndBack_IsWatchedAfresh()
    {
        Observe(Worker(A, 1));
        _time.Advance(_options.StaleWorkerTimeout);
        Observe();
        Assert.That(RemovalOf(A, Observe(Worker(A, 1))), Is.Null);
    }

    [Test]
    public void Observe_WorkerAcknowledged_CarriesWhatTheRowSays()
    {
        WorkerSnapshot worker = Observe(Worker(A, 4) with { AcknowledgedGeneration = 9 }).Workers.Single();
        Assert.That(worker, Is.EqualTo(new WorkerSnapshot(A, 9, 4, null) { Projections = worker.Projections }));
    }

    [Test]
    public void Observe_NobodyWaits_IsNotSettled()
    {
        Assert.That(ObserveJoins(active: [A], A), Is.False);
        _time.Advance(_options.RegistrationWaitTime);
        Assert.That(ObserveJoins(active: [A], A), Is.False);
    }

    [Test]
    public void Observe_NoFurtherJoinForTheQuietTime_IsSettled()
    {
        Assert.That(ObserveJoins(active: [], A), Is.False);
        _time.Advance(_options.JoinQuietTime - Instant);
        Assert.That(ObserveJoins(active: [], A), Is.False);
        _time.Advance(Instant);
        Assert.That(ObserveJoins(active: [], A), Is.True);
    }

    [Test]
    public void Observe_FurtherJoin_StartsTheQuietTimeAgain()
    {
        ObserveJoins(active: [A], A, B);
        _time.Advance(_options.JoinQuietTime - Instant);
        Assert.That(ObserveJoins(active: [A], A, B, C), Is.False);
        _time.Advance(_options.JoinQuietTime - Instant);
        Assert.That(ObserveJoins(active: [A], A, B, C), Is.False);
        _time.Advance(Instant);
        Assert.That(ObserveJoins(active: [A], A, B, C), Is.True);
    }

    [Test]
    public void Observe_JoinerGivesUp_DoesNotStartTheQuietTimeAgain()
    {
        ObserveJoins(active: [A], A, B, C);
        _time.Advance(_options.JoinQuietTime);
        Assert.That(ObserveJoins(active: [A], A, C), Is.True);
    }

    [Test]
    public void Observe_JoinsWithoutEnd_SettleAfterTheRegistrationWaitTime()
    {
        List<Guid> workers = [];
        long start = _time.GetTimestamp();
        bool settled = false;
        while (!settled)
        {
            workers.Add(Guid.NewGuid());
            settled = ObserveJoins(active: [], [.. workers]);
            Assert.That(_time.GetElapsedTime(start), Is.LessThanOrEqualTo(_options.RegistrationWaitTime));
            _time.Advance(settled ? TimeSpan.Zero : _options.JoinQuietTime / 2);
        }

        Assert.That(_time.GetElapsedTime(start), Is.EqualTo(_options.RegistrationWaitTime));
    }

    [Test]
    public void Observe_JoinersTakenIn_TheNextOnesWaitAfresh()
    {
        ObserveJoins(active: [], A);
        _time.Advance(_options.RegistrationWaitTime);
        ObserveJoins(active: [A], A);
        Assert.That(ObserveJoins(active: [A], A, B), Is.False);
    }

    [Test]
    public void Observe_FormingTooLong_TimesOutAtTheCoordinationTimeout()
    {
        Assert.That(ObserveForming(7).FormingTimedOut, Is.False);
        _time.Advance(_options.CoordinationTimeout - Instant);
        Assert.That(ObserveForming(7).FormingTimedOut, Is.False);
        _time.Advance(Instant);
        Assert.That(ObserveForming(7).FormingTimedOut, Is.True);
        Assert.That(ObserveForming(8).FormingTimedOut, Is.False, "another generation has a time of its own");
        Assert.That(ObserveForming(null).FormingTimedOut, Is.False);
    }

    [Test]
    public void Formed_Once_DoesNotBackOff()
    {
        _observer.Formed();
        Assert.That(ObserveForming(1).BackingOff, Is.False);
    }

    [Test]
    public void Formed_AgainWithoutActivation_BacksOffLongerEachTime()
    {
        TimeSpan before = TimeSpan.Zero;
        _observer.Formed();
        for (long generation = 2; generation <= 5; generation++)
        {
            _observer.Formed();
            TimeSpan pause = PauseWhileForming(generation);
            Assert.That(pause, Is.GreaterThan(before));
            before = pause;
        }
    }

    [Test]
    public void Formed_AgainBehindAnActivation_DoesNotBackOff()
    {
        _observer.Formed();
        _observer.Formed();
        Assert.That(ObserveForming(2).BackingOff, Is.True);
        Assert.That(ObserveForming(null).BackingOff, Is.False, "activated");
        _observer.Formed();
        Assert.That(ObserveForming(3).BackingOff, Is.False);
    }

    [Test]
    public void IsLeaderStale_HeartbeatUnmoved_AtTheTimeOutAndNotBefore()
    {
        Assert.That(_observer.IsLeaderStale(A, 3), Is.False);
        _time.Advance(_options.StaleWorkerTimeout - Instant);
        Assert.That(_observer.IsLeaderStale(A, 3), Is.False);
        _time.Advance(Instant);
        Assert.That(_observer.IsLeaderStale(A, 3), Is.True);
        Assert.That(_observer.IsLeaderStale(A, 2), Is.False, "it has moved");
    }

    [Test]
    public void IsLeaderStale_AnotherLeader_IsWatchedAfresh()
    {
        _observer.IsLeaderStale(A, 3);
        _time.Advance(_options.StaleWorkerTimeout);
        Assert.That(_observer.IsLeaderStale(B, 3), Is.False);
    }

    [Test]
    public void IsLeaderStale_NobodyClaimsToLead_AtTheTimeOutAndNotBefore()
    {
        Assert.That(_observer.IsLeaderStale(null, 0), Is.False);
        _time.Advance(_options.StaleWorkerTimeout - Instant);
        Assert.That(_observer.IsLeaderStale(null, 0), Is.False);
        _time.Advance(Instant);
        Assert.That(_observer.IsLeaderStale(null, 0), Is.True);
        Assert.That(_observer.IsLeaderStale(A, 1), Is.False);
        Assert.That(_observer.IsLeaderStale(null, 0), Is.False, "a leader came between");
    }

    [Test]
    public void Observe_LeaderFoundStale_IsRemovedWithoutASecondWait()
    {
        _observer.IsLeaderStale(A, 3);
        _time.Advance(_options.StaleWorkerTimeout);
        Assert.That(_observer.IsLeaderStale(A, 3), Is.True);

        // The first roster that this worker ever reads: only the views have shown it the leader's heartbeat.
        ReplicaSetSnapshot snapshot = Observe(Worker(A, 3), Worker(B, 1));
        Assert.That(RemovalOf(A, snapshot), Is.EqualTo(RemovalReason.Stale));
        Assert.That(RemovalOf(B, snapshot), Is.Null, "nobody else has been watched for long enough");
    }

    private static RosterWorker Worker(Guid id, long sequence) => new(id, 0, ["totals"], sequence, SessionHeld: true);

    private static RemovalReason? RemovalOf(Guid id, ReplicaSetSnapshot snapshot) => snapshot.Workers.Single(worker => worker.Id == id).Removal;

    private ReplicaSetSnapshot Observe(params RosterWorker[] workers) => _observer.Observe(new Roster(null, null, [.. workers]));

    private bool ObserveJoins(Guid[] active, params Guid[] workers) => _observer.Observe(new Roster(
        active.Length == 0 ? null : new Generation(1, [.. active]), null, [.. workers.Select(id => Worker(id, _time.GetTimestamp()))])).JoinsSettled;

    private ReplicaSetSnapshot ObserveForming(long? id) => _observer.Observe(new Roster(null, id is { } forming ? new Generation(forming, [A]) : null, [Worker(A, _time.GetTimestamp())]));

    private TimeSpan PauseWhileForming(long generation)
    {
        long start = _time.GetTimestamp();
        while (ObserveForming(generation).BackingOff)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        return _time.GetElapsedTime(start);
    }
}
