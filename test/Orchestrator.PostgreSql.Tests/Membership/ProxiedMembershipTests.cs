using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Membership;

/// <summary>Workers whose sessions go through a proxy that pools transactions: what the contract of membership says of sessions, they have by rows and heartbeats.</summary>
[TestFixture]
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
internal sealed class ProxiedMembershipTests : CoordinationContract
{
    private CoordinationDatabase? _database;

    protected override async Task<ICoordinationStores> OpenStoresAsync() => _database = await CoordinationDatabase.CreateProxiedAsync();

    [Test]
    public async Task ReadViewAsync_TryToLead_OnlyOneLeadsUntilItLeaves()
    {
        TestWorker first = await RegisterAsync();
        TestWorker second = await RegisterAsync();
        Assert.That(await first.LeadsAsync(), Is.True);
        Assert.That(await second.LeadsAsync(), Is.False);
        Assert.That(await first.LeadsAsync(), Is.True, "still");

        await first.Session.LeaveAsync(CancellationToken.None);

        Assert.That(await second.LeadsAsync(), Is.True);
        Assert.That((await second.ViewAsync()).LeaderId, Is.EqualTo(second.Id));
    }

    [Test]
    public async Task ReadViewAsync_OffTheRoster_NeverLeads()
    {
        TestWorker removed = await RegisterAsync();
        await removed.Session.LeaveAsync(CancellationToken.None);

        Assert.That(await removed.LeadsAsync(), Is.False);
    }

    [Test]
    public async Task ReadViewAsync_LeaderStandsStill_AnotherLeadsOnceItIsRemoved()
    {
        TestWorker leader = await RegisterAsync();
        TestWorker other = await RegisterAsync();
        await leader.LeadsAsync();
        RosterWorker row = (await other.RowAsync(leader.Id))!;
        Assert.That(row.SessionHeld, Is.True, "nobody may take it for dead");

        Assert.That(await other.Session.RemoveAsync([new WorkerRemoval(leader.Id, RemovalReason.Dead, row.HeartbeatSequence)], CancellationToken.None), Is.Empty);
        Assert.That(await other.Session.RemoveAsync([new WorkerRemoval(leader.Id, RemovalReason.Stale, row.HeartbeatSequence)], CancellationToken.None), Is.EqualTo(new[] { leader.Id }));

        Assert.That(await other.LeadsAsync(), Is.True);
    }

    [Test]
    public async Task DisposeAsync_WithoutLeaving_TakesTheWorkerOffTheRosterAllTheSame()
    {
        TestWorker lives = await RegisterAsync();
        TestWorker dies = await RegisterAsync();

        await dies.Session.DisposeAsync();

        Assert.That((await lives.RosterAsync()).Workers.Select(worker => worker.Id), Is.EqualTo(new[] { lives.Id }));
    }

    [Test]
    public async Task BeatAsync_RegisteredAndRemoved_SaysWhich()
    {
        TestWorker worker = await RegisterAsync();
        IHeartbeatSession heartbeat = await OpenHeartbeatAsync(worker);
        long before = (await worker.RowAsync(worker.Id))!.HeartbeatSequence;

        ValueTask<bool> beat = heartbeat.BeatAsync(CancellationToken.None);

        Assert.That(beat.IsCompletedSuccessfully, Is.True);
        Assert.That(await beat, Is.True);
        Assert.That((await worker.RowAsync(worker.Id))!.HeartbeatSequence, Is.Not.EqualTo(before));
        await worker.Session.LeaveAsync(CancellationToken.None);
        Assert.That(await heartbeat.BeatAsync(CancellationToken.None), Is.False);
    }

    [Test]
    public async Task WaitAsync_OtherRegisters_LeavesTheSessionUsable()
    {
        TestWorker worker = await RegisterAsync();
        await RegisterAsync();

        await worker.Session.WaitAsync(TimeSpan.FromMilliseconds(50), CancellationToken.None);

        Assert.That((await worker.RosterAsync()).Workers, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Session_Always_LeavesNothingBehindWithTheServersSessions()
    {
        TestWorker worker = await RegisterAsync();
        await OpenHeartbeatAsync(worker);
        await worker.LeadsAsync();
        await RescaleAsync(worker);

        const string left = "SELECT count(*) FROM pg_stat_activity a WHERE a.datname = current_database() AND (a.application_name LIKE 'orc:%' OR EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory'))";
        Assert.That(await _database!.ReadAsync<long>(left), Is.Zero, "the next client would be taken for this worker");
    }
}
