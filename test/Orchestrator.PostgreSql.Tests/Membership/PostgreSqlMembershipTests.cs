using Npgsql;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Errors;
using Orchestrator.PostgreSql.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Membership;

[TestFixture]
internal sealed class PostgreSqlMembershipTests : CoordinationFixture
{
    [Test]
    public async Task ReadRosterAsync_SessionKilledByTheServer_SaysThatItsLockIsFree()
    {
        TestWorker lives = await RegisterAsync();
        TestWorker killed = await RegisterAsync();

        await Database.ExecuteAsync($"SELECT pg_terminate_backend(session_pid) FROM orchestrator_workers WHERE worker_id = '{killed.Id}'");

        await Eventually.HoldsAsync(async () => await lives.RowAsync(killed.Id) is { SessionHeld: false });
        Assert.That(async () => await killed.ViewAsync(), Throws.InstanceOf<NpgsqlException>(), "the session is lost, and says so");
    }

    [Test]
    public async Task WaitAsync_SessionKilledByTheServer_Throws()
    {
        TestWorker killed = await RegisterAsync();
        Task wait = Task.Run(async () =>
        {
            while (true)
            {
                await killed.Session.WaitAsync(TimeSpan.FromMinutes(5), CancellationToken.None);
            }
        });

        await Database.ExecuteAsync($"SELECT pg_terminate_backend(session_pid) FROM orchestrator_workers WHERE worker_id = '{killed.Id}'");

        Assert.That(async () => await wait.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System), Throws.InstanceOf<NpgsqlException>());
    }

    // A rescale of many workers must not make each of them look for each word of another.
    [Test]
    public async Task WaitAsync_OthersRegisterAndAcknowledge_WakesWhoLeadsAndSleepsOnElsewhere()
    {
        TestWorker leader = await RegisterAsync();
        TestWorker follower = await RegisterAsync();
        await leader.LeadsAsync();
        long generation = await FormAsync(leader, follower);
        await follower.ViewAsync();
        await follower.Session.WaitAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None);

        await leader.Session.AcknowledgeAsync(generation, CancellationToken.None);
        await RegisterAsync();
        await leader.Session.WaitAsync(TimeSpan.FromMinutes(5), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);

        // What has come in is noted with the answer to any statement.
        await follower.ViewAsync();
        using var stop = new CancellationTokenSource();
        Task sleeping = follower.Session.WaitAsync(TimeSpan.FromMinutes(5), stop.Token);
        Assert.That(sleeping.IsCompleted, Is.False, "the follower");

        await stop.CancelAsync();
        Assert.That(async () => await sleeping, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await follower.ViewAsync()).Registered, Is.True);
    }

    [Test]
    public async Task RemoveAsync_FrozenWorker_EndsAllItsSessionsAndNobodyElses()
    {
        TestWorker leader = await RegisterAsync();
        TestWorker frozen = await RegisterAsync();
        TestWorker other = await RegisterAsync();
        await OpenHeartbeatAsync(frozen);
        long observed = (await leader.RowAsync(frozen.Id))!.HeartbeatSequence;
        Assert.That(await CountSessionsAsync(frozen), Is.EqualTo(2), "control and heartbeat");

        await leader.Session.RemoveAsync([new WorkerRemoval(frozen.Id, RemovalReason.Stale, observed)], CancellationToken.None);

        await Eventually.HoldsAsync(async () => await CountSessionsAsync(frozen) == 0);
        Assert.That((await other.ViewAsync()).Registered, Is.True);
        Assert.That(await CountSessionsAsync(leader), Is.EqualTo(1));
    }

    [Test]
    public async Task RegisterAsync_SlotHashHasChanged_ThrowsAndRegistersNobody()
    {
        TestWorker worker = await RegisterAsync();
        await Database.ExecuteAsync($"UPDATE orchestrator_replica_sets SET slot_probe = (slot_probe + 1) & 32767 WHERE replica_set = '{ReplicaSet}'");

        Assert.That(async () => await RegisterAsync(), Throws.InstanceOf<SlotHashMismatchException>().With.Message.Contains(ReplicaSet));

        Assert.That((await worker.RosterAsync()).Workers, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task RegisterAsync_OtherSlotCount_Throws()
    {
        await RegisterAsync();
        await Database.ExecuteAsync($"UPDATE orchestrator_replica_sets SET slot_count = 1024 WHERE replica_set = '{ReplicaSet}'");

        Assert.That(async () => await RegisterAsync(), Throws.InstanceOf<SlotHashMismatchException>().With.Message.Contains("1024"));
    }

    [Test]
    public async Task ReadViewAsync_SameReplicaSetInAnotherSchema_DoesNotMeet()
    {
        await using CoordinationDatabase elsewhere = await CoordinationDatabase.CreateAsync();
        TestWorker here = await RegisterAsync();
        var registration = new WorkerRegistration(Guid.NewGuid(), ReplicaSet, ["totals"], "host", 42, "1.0");
        await using IControlSession there = await elsewhere.Membership.RegisterAsync(registration, CancellationToken.None);

        Assert.That(await here.LeadsAsync(), Is.True);
        Assert.That((await there.ReadViewAsync(tryToLead: true, CancellationToken.None)).Leads, Is.True);
    }

    [Test]
    public async Task ReadViewAsync_ReplicaSetsRowLocked_LeadsAllTheSameAndIsNamedLater()
    {
        TestWorker worker = await RegisterAsync();
        await using NpgsqlConnection admin = await OpenTransactionAsync("psql", $"SELECT FROM orchestrator_replica_sets WHERE replica_set = '{ReplicaSet}' FOR UPDATE");

        (MembershipView view, bool leads) = await worker.Session.ReadViewAsync(tryToLead: true, CancellationToken.None);
        Assert.That((leads, view.LeaderId), Is.EqualTo((true, (Guid?)null)));

        await admin.CloseAsync();
        await Eventually.HoldsAsync(async () => (await worker.ViewAsync()).LeaderId == worker.Id);
    }

    [Test]
    public async Task ReadViewAsync_Cancelled_LeavesTheSessionUsable()
    {
        TestWorker worker = await RegisterAsync();
        await using NpgsqlConnection admin = await OpenTransactionAsync("psql", "LOCK TABLE orchestrator_heartbeats IN ACCESS EXCLUSIVE MODE");
        using var cancellation = new CancellationTokenSource();
        Task read = worker.Session.ReadViewAsync(tryToLead: false, cancellation.Token);

        await cancellation.CancelAsync();

        Assert.That(async () => await read, Throws.InstanceOf<OperationCanceledException>());
        await admin.CloseAsync();
        Assert.That((await worker.ViewAsync()).Registered, Is.True);
    }

    // The first statement finds out. Whoever lives through that, as an activation does whose lock did not come, must not end the host with the second.
    [Test]
    public async Task ReadViewAsync_SessionWasLostBefore_IsInfrastructureEachTime()
    {
        TestWorker worker = await RegisterAsync();
        await Database.ExecuteAsync($"SELECT pg_terminate_backend(session_pid) FROM orchestrator_workers WHERE worker_id = '{worker.Id}'");
        for (int i = 0; i < 3; i++)
        {
            Exception failure = (await Assert.CatchAsync(() => worker.ViewAsync()))!;
            Assert.That(new PostgreSqlErrorClassifier().IsInfrastructure(failure), failure.ToString());
        }
    }

    [Test]
    public async Task BeatAsync_Always_HasCompletedWhenItReturns()
    {
        TestWorker worker = await RegisterAsync();
        IHeartbeatSession heartbeat = await OpenHeartbeatAsync(worker);

        ValueTask<bool> beat = heartbeat.BeatAsync(CancellationToken.None);

        Assert.That(beat.IsCompletedSuccessfully, Is.True);
        Assert.That(await beat, Is.True);
    }

    [Test]
    public async Task BeatAsync_CancelledWhileBlocked_GivesUpAndBeatsAgain()
    {
        TestWorker worker = await RegisterAsync();
        IHeartbeatSession heartbeat = await OpenHeartbeatAsync(worker);
        await using NpgsqlConnection admin = await OpenTransactionAsync("psql", $"SELECT FROM orchestrator_heartbeats WHERE worker_id = '{worker.Id}' FOR UPDATE");
        using var cancellation = new CancellationTokenSource();
        Task beat = Task.Run(async () => await heartbeat.BeatAsync(cancellation.Token));
        await Eventually.HoldsAsync(() => Database.ReadAsync<bool>($"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'orc:{worker.Id}:%' AND wait_event_type = 'Lock')"));

        await cancellation.CancelAsync();

        Assert.That(async () => await beat, Throws.InstanceOf<OperationCanceledException>());
        await admin.CloseAsync();
        Assert.That(await heartbeat.BeatAsync(CancellationToken.None), Is.True);
    }

    [TestCase("main", "main")]
    [TestCase("größe", "gr??e")]
    [TestCase("a-replica-set-with-a-very-long-name", "a-replica-set-with-a-v")]
    public async Task Of_ReplicaSet_IsWhatPostgreSqlShows(string replicaSet, string shown)
    {
        var id = Guid.NewGuid();

        string name = SessionName.Of(id, replicaSet);

        Assert.That(name, Is.EqualTo($"orc:{id}:{shown}"));
        await using KeptSession kept = await Database.Connections.OpenSessionAsync(name, CancellationToken.None);
        NpgsqlConnection connection = kept.Connection;
        Assert.That(await Database.ReadAsync<string>($"SELECT application_name FROM pg_stat_activity WHERE pid = {connection.ProcessID}"), Is.EqualTo(name));
    }

    private Task<long> CountSessionsAsync(TestWorker worker) =>
        Database.ReadAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'orc:{worker.Id}:%'");
}
