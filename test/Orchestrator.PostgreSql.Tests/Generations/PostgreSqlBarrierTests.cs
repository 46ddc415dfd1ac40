using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.PostgreSql.Tests.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Generations;

/// <summary>Locks that do not come: who is ended, and who never is.</summary>
[TestFixture]
internal sealed class PostgreSqlBarrierTests : CoordinationFixture
{
    [Test]
    public async Task ActivateAsync_FrozenBatchOfAnExcusedWorker_EndsItAndActivates()
    {
        (TestWorker leader, TestWorker frozen, IFencedBatch batch, long generation) = await FreezeAsync();

        bool activated = await leader.ActivateAsync(new ActivateGeneration(generation, [frozen.Id]));

        Assert.That(activated, Is.True);
        Assert.That(async () => await batch.CommitAsync(99), Throws.InstanceOf<NpgsqlException>(), "the frozen one is fenced when it wakes");
        Assert.That((await LoadAsync(frozen, generation)).Single().Position, Is.Zero);
        Assert.That((await frozen.ViewAsync()).Registered, Is.True, "its control session is left alone");
        await batch.DisposeAsync();
    }

    [Test]
    public async Task ActivateAsync_OpenBatchOfARegisteredWorkerThatIsNotExcused_EndsNobody()
    {
        (TestWorker leader, TestWorker slow, IFencedBatch batch, long generation) = await FreezeAsync();
        await slow.Session.AcknowledgeAsync(generation, CancellationToken.None);

        bool activated = await leader.ActivateAsync(new ActivateGeneration(generation, []));

        Assert.That(activated, Is.False);
        await batch.CommitAsync(7);
        await batch.DisposeAsync();
        Assert.That(await leader.ActivateAsync(new ActivateGeneration(generation, [])), Is.True);
        Assert.That((await LoadAsync(slow, generation)).Single().Position, Is.EqualTo(7));
    }

    [Test]
    public async Task ActivateAsync_FrozenBatchOfARemovedWorker_HasEndedAlready()
    {
        (TestWorker leader, TestWorker frozen, IFencedBatch batch, _) = await FreezeAsync();
        long observed = (await leader.RowAsync(frozen.Id))!.HeartbeatSequence;
        await leader.Session.RemoveAsync([new WorkerRemoval(frozen.Id, RemovalReason.Stale, observed)], CancellationToken.None);

        long generation = await RescaleAsync(leader);

        Assert.That(async () => await batch.CommitAsync(99), Throws.InstanceOf<NpgsqlException>());
        Assert.That((await LoadAsync(leader, generation)).Single(), Is.EqualTo(new Checkpoint("totals", 1, SlotRange.All, 0, generation, leader.Id)));
        await batch.DisposeAsync();
    }

    [Test]
    public async Task ActivateAsync_RemoverDiedBeforeItEndedTheSessions_EndsThem()
    {
        (TestWorker leader, TestWorker frozen, IFencedBatch batch, _) = await FreezeAsync();
        await Database.ExecuteAsync($"DELETE FROM orchestrator_heartbeats WHERE worker_id = '{frozen.Id}'; DELETE FROM orchestrator_workers WHERE worker_id = '{frozen.Id}'");

        await RescaleAsync(leader);

        Assert.That(async () => await batch.CommitAsync(99), Throws.InstanceOf<NpgsqlException>());
        await batch.DisposeAsync();
    }

    [TestCase("psql")]
    [TestCase("orc:not-an-id:main")]
    [TestCase("orc:00000000-0000-4000-8000-000000000000:main", Description = "a worker of some other installation")]
    public async Task ActivateAsync_RowLockedBySomebodyElse_ReturnsFalseNamesThemAndEndsNobody(string applicationName)
    {
        TestWorker worker = await RegisterAsync();
        await RescaleAsync(worker);
        long generation = await FormAsync(worker);
        await worker.Session.AcknowledgeAsync(generation, CancellationToken.None);
        await using NpgsqlConnection admin = await OpenTransactionAsync(applicationName, $"SELECT FROM projection_checkpoints WHERE replica_set = '{ReplicaSet}' FOR UPDATE");

        bool activated = await worker.ActivateAsync(new ActivateGeneration(generation, []));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(activated, Is.False);
            Assert.That(await IsAliveAsync(admin.ProcessID), Is.True);
            Assert.That(Database.Log.Messages, Has.Some.Contains(ReplicaSet).And.Contains($"pid {admin.ProcessID}, application '{applicationName}'"));
            Assert.That((await worker.ViewAsync()).Forming!.Id, Is.EqualTo(generation), "the session is usable, and nothing has changed");
        }

        await admin.CloseAsync();
        await Eventually.HoldsAsync(() => worker.ActivateAsync(new ActivateGeneration(generation, [])));
    }

    [Test]
    public async Task ActivateAsync_ExcusedWorkerItselfWaitsForSomebodyElse_EndsNeither()
    {
        await Database.ExecuteAsync($"INSERT INTO read_model (key, value) VALUES ('{ReplicaSet}', 1)");
        (TestWorker leader, TestWorker frozen, IFencedBatch batch, long generation) = await FreezeAsync();
        await using NpgsqlConnection admin = await OpenTransactionAsync("psql", $"SELECT FROM read_model WHERE key = '{ReplicaSet}' FOR UPDATE");
        batch.Context.Enqueue("UPDATE read_model SET value = 2 WHERE key = $1", ReplicaSet);
        Task commit = batch.CommitAsync(7);
        await Eventually.HoldsAsync(() => Database.ReadAsync<bool>($"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE {admin.ProcessID} = ANY (pg_blocking_pids(pid)))"));

        bool activated = await leader.ActivateAsync(new ActivateGeneration(generation, [frozen.Id]));

        Assert.That(activated, Is.False);
        Assert.That(await IsAliveAsync(admin.ProcessID), Is.True);
        await admin.CloseAsync();
        await commit;
        await batch.DisposeAsync();
    }

    [Test]
    public async Task RemoveAsync_LeaderFrozenInTheMiddleOfATransition_EndsItsSessionAndRemovesIt()
    {
        TestWorker usurper = await RegisterAsync();
        TestWorker leader = await RegisterAsync();
        long observed = (await usurper.RowAsync(leader.Id))!.HeartbeatSequence;
        await using NpgsqlConnection frozen = await OpenTransactionAsync(
            $"orc:{leader.Id}:{ReplicaSet}", $"SELECT FROM orchestrator_replica_sets WHERE replica_set = '{ReplicaSet}' FOR NO KEY UPDATE");

        IReadOnlyList<Guid> removed = await usurper.Session.RemoveAsync([new WorkerRemoval(leader.Id, RemovalReason.Stale, observed)], CancellationToken.None);

        Assert.That(removed, Is.EqualTo(new[] { leader.Id }));
        await Eventually.HoldsAsync(async () => !await IsAliveAsync(frozen.ProcessID));
    }

    [Test]
    public async Task RemoveAsync_LeaderInATransitionBeatsAgain_EndsNobody()
    {
        TestWorker usurper = await RegisterAsync();
        TestWorker leader = await RegisterAsync();
        long observed = (await usurper.RowAsync(leader.Id))!.HeartbeatSequence;
        await (await OpenHeartbeatAsync(leader)).BeatAsync(CancellationToken.None);
        await using NpgsqlConnection slow = await OpenTransactionAsync(
            $"orc:{leader.Id}:{ReplicaSet}", $"SELECT FROM orchestrator_replica_sets WHERE replica_set = '{ReplicaSet}' FOR NO KEY UPDATE");

        IReadOnlyList<Guid> removed = await usurper.Session.RemoveAsync([new WorkerRemoval(leader.Id, RemovalReason.Stale, observed)], CancellationToken.None);

        Assert.That(removed, Is.Empty);
        Assert.That(await IsAliveAsync(slow.ProcessID), Is.True);
    }

    [Test]
    public async Task FormAsync_ReplicaSetsRowLockedBySomebodyElse_ReturnsNullAndJoinsGoOn()
    {
        TestWorker worker = await RegisterAsync();
        await using NpgsqlConnection admin = await OpenTransactionAsync("psql", $"SELECT FROM orchestrator_replica_sets WHERE replica_set = '{ReplicaSet}' FOR NO KEY UPDATE");

        long? formed = await worker.Session.FormAsync(new FormGeneration(null, null, [worker.Id], "test"), CancellationToken.None);
        TestWorker joins = await RegisterAsync();

        Assert.That(formed, Is.Null);
        Assert.That((await joins.ViewAsync()).Registered, Is.True);
        Assert.That(await IsAliveAsync(admin.ProcessID), Is.True);
    }

    [Test]
    public async Task ActivateAsync_CancelledWhileItWaits_LeavesTheSessionUsable()
    {
        (TestWorker leader, TestWorker slow, IFencedBatch batch, long generation) = await FreezeAsync();
        await slow.Session.AcknowledgeAsync(generation, CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        Task<Activation?> activation = leader.Session.ActivateAsync(new ActivateGeneration(generation, []), cancellation.Token);
        await Eventually.HoldsAsync(() => Database.ReadAsync<bool>(
            $"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'orc:{leader.Id}:%' AND wait_event_type = 'Lock')"));

        await cancellation.CancelAsync();

        Assert.That(async () => await activation, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await leader.ViewAsync()).Forming!.Id, Is.EqualTo(generation));
        await batch.DisposeAsync();
        Assert.That(await leader.ActivateAsync(new ActivateGeneration(generation, [])), Is.True);
    }

    [Test]
    public async Task ActivateAsync_BatchCommitsWhileItWaits_GoesOnFromTheNewPosition()
    {
        (TestWorker leader, TestWorker slow, IFencedBatch batch, long generation) = await FreezeAsync();
        await slow.Session.AcknowledgeAsync(generation, CancellationToken.None);
        Task<bool> activation = leader.ActivateAsync(new ActivateGeneration(generation, []));
        await Eventually.HoldsAsync(() => Database.ReadAsync<bool>(
            $"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'orc:{leader.Id}:%' AND wait_event_type = 'Lock')"));

        await batch.CommitAsync(7);

        Assert.That(await activation, Is.True);
        Assert.That((await LoadAsync(slow, generation)).Single().Position, Is.EqualTo(7), "not as it was before the lock came");
        await batch.DisposeAsync();
    }

    [Test]
    public async Task BeginAsync_ActivationHoldsTheRow_WaitsAndThenIsFenced()
    {
        TestWorker worker = await RegisterAsync();
        long generation = await RescaleAsync(worker);
        Checkpoint row = (await LoadAsync(worker, generation)).Single();
        await using NpgsqlConnection activation = await OpenTransactionAsync(
            "activation", string.Create(CultureInfo.InvariantCulture, $"UPDATE projection_checkpoints SET generation_id = {generation + 1} WHERE replica_set = '{ReplicaSet}'"));

        Task<IFencedBatch?> begin = Task.Run(() => BeginAsync(worker, generation, row));
        await Eventually.HoldsAsync(() => Database.ReadAsync<bool>($"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE {activation.ProcessID} = ANY (pg_blocking_pids(pid)))"));
        await using (var commit = new NpgsqlCommand("COMMIT", activation))
        {
            await commit.ExecuteNonQueryAsync();
        }

        Assert.That(await begin, Is.Null);
    }

    [Test]
    public async Task ActivateAsync_Always_KeepsTheStoryInTheTables()
    {
        TestWorker first = await RegisterAsync();
        TestWorker second = await RegisterAsync();
        TestWorker outside = await RegisterAsync();
        long older = await RescaleAsync(first, outside);
        long newer = await RescaleAsync(first, second);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                await Database.ReadAsync<string>($"SELECT string_agg(concat_ws(' ', state, total_partitions, reason, leader_id, activated_at IS NOT NULL, superseded_at IS NOT NULL), ';' ORDER BY generation_id) FROM orchestrator_generations WHERE generation_id IN ({older}, {newer})"),
                Is.EqualTo($"superseded 2 test {first.Id} t t;active 2 test {first.Id} t f"));
            Assert.That(await PartitionKeyAsync(first), Is.Zero);
            Assert.That(await PartitionKeyAsync(second), Is.EqualTo(1));
            Assert.That(await PartitionKeyAsync(outside), Is.EqualTo(-1), "no longer a member");
        }
    }

    private Task<int> PartitionKeyAsync(TestWorker worker) => Database.ReadAsync<int>($"SELECT partition_key FROM orchestrator_workers WHERE worker_id = '{worker.Id}'");

    // A leader, and a member of the active generation with a batch that it never ends; a new generation of both is forming.
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The test ends the batch.")]
    private async Task<(TestWorker Leader, TestWorker Frozen, IFencedBatch Batch, long Generation)> FreezeAsync()
    {
        TestWorker leader = await RegisterAsync();
        TestWorker frozen = await RegisterAsync();
        long active = await RescaleAsync(leader, frozen);
        IFencedBatch batch = (await BeginAsync(frozen, active, (await LoadAsync(frozen, active)).Single()))!;
        long generation = await FormAsync(leader, frozen);
        await leader.Session.AcknowledgeAsync(generation, CancellationToken.None);
        return (leader, frozen, batch, generation);
    }
}
