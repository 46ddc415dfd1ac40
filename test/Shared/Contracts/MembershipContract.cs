using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;

namespace Orchestrator.Testing.Shared;

/// <summary>Joining, leaving, dying, beating, leading: the same with every provider.</summary>
internal abstract class MembershipContract : CoordinationContract
{
    [Test]
    public async Task RegisterAsync_FirstWorker_IsOnTheRosterWithItsSessionHeld()
    {
        TestWorker worker = await RegisterAsync("totals", "users");

        Roster roster = await worker.RosterAsync();

        RosterWorker row = roster.Workers.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(roster.Active, Is.Null);
            Assert.That(roster.Forming, Is.Null);
            Assert.That(row.Id, Is.EqualTo(worker.Id));
            Assert.That(row.AcknowledgedGeneration, Is.Zero);
            Assert.That(row.Projections, Is.EqualTo(new[] { "totals", "users" }));
            Assert.That(row.SessionHeld, Is.True);
        }
    }

    [Test]
    public async Task RegisterAsync_SeveralWorkers_AreListedInTheOrderOfRegistration()
    {
        TestWorker first = await RegisterAsync();
        TestWorker second = await RegisterAsync();
        TestWorker third = await RegisterAsync();

        Roster roster = await second.RosterAsync();

        Assert.That(roster.Workers.Select(worker => worker.Id), Is.EqualTo(new[] { first.Id, second.Id, third.Id }));
    }

    [Test]
    public async Task RegisterAsync_IdInUse_Throws()
    {
        TestWorker worker = await RegisterAsync();
        var again = new WorkerRegistration(worker.Id, ReplicaSet, ["totals"], "host", 43, "1.0");

        Assert.That(async () => await Membership.RegisterAsync(again, CancellationToken.None), Throws.InvalidOperationException);
        Assert.That((await worker.ViewAsync()).Registered, Is.True);
    }

    [Test]
    public async Task RegisterAsync_OtherReplicaSet_IsNotOnTheRoster()
    {
        TestWorker worker = await RegisterAsync();
        var other = new WorkerRegistration(Guid.NewGuid(), ReplicaSet + "-other", ["totals"], "host", 42, "1.0");

        await using IControlSession session = await Membership.RegisterAsync(other, CancellationToken.None);

        Assert.That((await worker.RosterAsync()).Workers.Single().Id, Is.EqualTo(worker.Id));
    }

    [Test]
    public async Task LeaveAsync_Always_TakesTheWorkerOffTheRoster()
    {
        TestWorker stays = await RegisterAsync();
        TestWorker leaves = await RegisterAsync();

        await leaves.Session.LeaveAsync(CancellationToken.None);

        Assert.That((await stays.RosterAsync()).Workers.Single().Id, Is.EqualTo(stays.Id));
        Assert.That((await leaves.ViewAsync()).Registered, Is.False);
    }

    [Test]
    public async Task DisposeAsync_WithoutLeaving_LooksLikeDeath()
    {
        TestWorker lives = await RegisterAsync();
        TestWorker dies = await RegisterAsync();

        await dies.Session.DisposeAsync();

        await Eventually.HoldsAsync(async () => await lives.RowAsync(dies.Id) is { SessionHeld: false });
        Assert.That((await lives.RowAsync(lives.Id))!.SessionHeld, Is.True);
    }

    [Test]
    public async Task BeatAsync_Registered_ChangesTheSequence()
    {
        TestWorker worker = await RegisterAsync();
        IHeartbeatSession heartbeat = await OpenHeartbeatAsync(worker);
        long before = (await worker.RowAsync(worker.Id))!.HeartbeatSequence;

        bool registered = await heartbeat.BeatAsync(CancellationToken.None);

        Assert.That(registered, Is.True);
        Assert.That((await worker.RowAsync(worker.Id))!.HeartbeatSequence, Is.Not.EqualTo(before));
    }

    [Test]
    public async Task BeatAsync_Removed_ReturnsFalse()
    {
        TestWorker lives = await RegisterAsync();
        TestWorker frozen = await RegisterAsync();
        RosterWorker row = (await lives.RowAsync(frozen.Id))!;
        await lives.Session.RemoveAsync([new WorkerRemoval(frozen.Id, RemovalReason.Stale, row.HeartbeatSequence)], CancellationToken.None);

        IHeartbeatSession heartbeat = await OpenHeartbeatAsync(frozen);

        Assert.That(await heartbeat.BeatAsync(CancellationToken.None), Is.False);
    }

    [Test]
    public async Task RemoveAsync_StaleButBeatingAgain_KeepsTheWorker()
    {
        TestWorker leader = await RegisterAsync();
        TestWorker slow = await RegisterAsync();
        IHeartbeatSession heartbeat = await OpenHeartbeatAsync(slow);
        long observed = (await leader.RowAsync(slow.Id))!.HeartbeatSequence;
        await heartbeat.BeatAsync(CancellationToken.None);

        IReadOnlyList<Guid> removed = await leader.Session.RemoveAsync([new WorkerRemoval(slow.Id, RemovalReason.Stale, observed)], CancellationToken.None);

        Assert.That(removed, Is.Empty);
        Assert.That(await leader.RowAsync(slow.Id), Is.Not.Null);
    }

    [Test]
    public async Task RemoveAsync_DeadButSessionHeld_KeepsTheWorker()
    {
        TestWorker leader = await RegisterAsync();
        TestWorker lives = await RegisterAsync();

        IReadOnlyList<Guid> removed = await leader.Session.RemoveAsync([new WorkerRemoval(lives.Id, RemovalReason.Dead, 0)], CancellationToken.None);

        Assert.That(removed, Is.Empty);
        Assert.That(await leader.RowAsync(lives.Id), Is.Not.Null);
    }

    [Test]
    public async Task RemoveAsync_DeadAndStaleTogether_RemovesBothAndOnlyThem()
    {
        TestWorker leader = await RegisterAsync();
        TestWorker dead = await RegisterAsync();
        TestWorker stale = await RegisterAsync();
        TestWorker lives = await RegisterAsync();
        await dead.Session.DisposeAsync();
        await Eventually.HoldsAsync(async () => await leader.RowAsync(dead.Id) is { SessionHeld: false });
        long observed = (await leader.RowAsync(stale.Id))!.HeartbeatSequence;

        IReadOnlyList<Guid> removed = await leader.Session.RemoveAsync(
            [new WorkerRemoval(dead.Id, RemovalReason.Dead, 0), new WorkerRemoval(stale.Id, RemovalReason.Stale, observed)], CancellationToken.None);

        Assert.That(removed, Is.EquivalentTo(new[] { dead.Id, stale.Id }));
        Assert.That((await leader.RosterAsync()).Workers.Select(worker => worker.Id), Is.EqualTo(new[] { leader.Id, lives.Id }));
    }

    [Test]
    public async Task RemoveAsync_WorkerThatHasLeft_ReportsNobody()
    {
        TestWorker leader = await RegisterAsync();
        TestWorker left = await RegisterAsync();
        await left.Session.LeaveAsync(CancellationToken.None);

        IReadOnlyList<Guid> removed = await leader.Session.RemoveAsync([new WorkerRemoval(left.Id, RemovalReason.Dead, 0)], CancellationToken.None);

        Assert.That(removed, Is.Empty);
    }

    [Test]
    public async Task ReadViewAsync_TryToLead_OnlyOneLeads()
    {
        TestWorker first = await RegisterAsync();
        TestWorker second = await RegisterAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await first.LeadsAsync(), Is.True);
            Assert.That(await second.LeadsAsync(), Is.False);
            Assert.That(await first.LeadsAsync(), Is.True, "still");
            Assert.That((await second.ViewAsync()).LeaderId, Is.EqualTo(first.Id));
        }
    }

    [Test]
    public async Task ReadViewAsync_NotTrying_NeverBecomesLeader()
    {
        TestWorker worker = await RegisterAsync();

        (MembershipView view, bool leads) = await worker.Session.ReadViewAsync(tryToLead: false, CancellationToken.None);

        Assert.That(leads, Is.False);
        Assert.That(view.LeaderId, Is.Null);
    }

    [Test]
    public async Task ReadViewAsync_LeaderDied_AnotherLeads()
    {
        TestWorker first = await RegisterAsync();
        TestWorker second = await RegisterAsync();
        await first.LeadsAsync();

        await first.Session.DisposeAsync();

        await Eventually.HoldsAsync(second.LeadsAsync);
        Assert.That((await second.ViewAsync()).LeaderId, Is.EqualTo(second.Id));
    }

    [Test]
    public async Task ReadViewAsync_LeaderLeft_AnotherLeadsAtOnce()
    {
        TestWorker first = await RegisterAsync();
        TestWorker second = await RegisterAsync();
        await first.LeadsAsync();

        await first.Session.LeaveAsync(CancellationToken.None);

        Assert.That((await second.ViewAsync()).LeaderId, Is.Null, "a leader that is not registered is none");
        Assert.That(await second.LeadsAsync(), Is.True);
    }

    [Test]
    public async Task ReadViewAsync_LeaderBeats_ChangesTheLeadersSequence()
    {
        TestWorker leader = await RegisterAsync();
        TestWorker follower = await RegisterAsync();
        await leader.LeadsAsync();
        IHeartbeatSession heartbeat = await OpenHeartbeatAsync(leader);
        long before = (await follower.ViewAsync()).LeaderSequence;

        await heartbeat.BeatAsync(CancellationToken.None);

        Assert.That((await follower.ViewAsync()).LeaderSequence, Is.Not.EqualTo(before));
    }

    [Test]
    public async Task WaitAsync_LeadsAndOtherRegisters_EndsLongBeforeTheTimeout()
    {
        TestWorker waits = await RegisterAsync();
        await waits.LeadsAsync();
        await DrainHintsAsync(waits);
        Task wait = waits.Session.WaitAsync(TimeSpan.FromMinutes(5), CancellationToken.None);

        await RegisterAsync();

        await wait.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
    }

    [Test]
    public async Task WaitAsync_LeadsAndHintCameBeforehand_EndsLongBeforeTheTimeout()
    {
        TestWorker waits = await RegisterAsync();
        await waits.LeadsAsync();
        await DrainHintsAsync(waits);
        await RegisterAsync();
        await waits.ViewAsync();

        await waits.Session.WaitAsync(TimeSpan.FromMinutes(5), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
    }

    [Test]
    public async Task WaitAsync_TimedOutOrCancelled_LeavesTheSessionUsable()
    {
        TestWorker worker = await RegisterAsync();
        await DrainHintsAsync(worker);
        using var cancellation = new CancellationTokenSource();
        Task wait = worker.Session.WaitAsync(TimeSpan.FromMinutes(5), cancellation.Token);
        await cancellation.CancelAsync();

        Assert.That(async () => await wait, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await worker.ViewAsync()).Registered, Is.True, "after the cancellation");
        await worker.Session.WaitAsync(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        Assert.That((await worker.ViewAsync()).Registered, Is.True, "after the time-out");
    }

    // A worker hears its own notifications too.
    private static async Task DrainHintsAsync(TestWorker worker)
    {
        await worker.ViewAsync();
        await worker.Session.WaitAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        await worker.Session.WaitAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None);
    }
}
