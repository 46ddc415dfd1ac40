using Npgsql;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.PostgreSql.Tests.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Generations;

/// <summary>Taking partitions that are set by hand: what rests on PostgreSQL's row locks.</summary>
[TestFixture]
internal sealed class PostgreSqlStaticPartitionTests : CoordinationFixture
{
    [Test]
    public async Task TakePartitionAsync_PositionMovesWhileItWaits_TakesTheRowAsItIsThen()
    {
        TestWorker before = await RegisterStaticAsync();
        TestWorker after = await RegisterStaticAsync();
        await before.TakeAsync(0, 1);
        await before.Session.LeaveAsync(CancellationToken.None);
        await using NpgsqlConnection last = await OpenTransactionAsync("psql", $"UPDATE projection_checkpoints SET position = 5 WHERE replica_set = '{ReplicaSet}'");

        Task<PartitionTake?> taking = Task.Run(() => after.TryTakeAsync(0, 1));
        await Eventually.HoldsAsync(() => Database.ReadAsync<bool>(
            $"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'orc:{after.Id}:%' AND wait_event_type = 'Lock')"));
        await using (var commit = new NpgsqlCommand("COMMIT", last))
        {
            await commit.ExecuteNonQueryAsync();
        }

        // A machine that is too busy may use up the second that a lock is waited for.
        long stamp = await taking is PartitionTake.Taken taken ? taken.GenerationId : await after.TakeAsync(0, 1);

        Assert.That((await LoadAsync(after, stamp)).Single().Position, Is.EqualTo(5));
    }

    [Test]
    public async Task TakePartitionAsync_SomebodyElseHoldsARow_GivesUpNamesTheHolderAndChangesNothing()
    {
        TestWorker before = await RegisterStaticAsync();
        TestWorker after = await RegisterStaticAsync();
        await before.TakeAsync(0, 1);
        await before.Session.LeaveAsync(CancellationToken.None);
        await using NpgsqlConnection admin = await OpenTransactionAsync("admin-console", $"SELECT FROM projection_checkpoints WHERE replica_set = '{ReplicaSet}' FOR UPDATE");

        Assert.That(await after.TryTakeAsync(0, 1), Is.Null);

        Assert.That(Database.Log.Messages, Has.Some.Contains("admin-console").And.Some.Contains("take a partition"));
        Assert.That(await IsAliveAsync(admin.ProcessID), "nobody else's session is ended");
        Assert.That((await after.ViewAsync()).HasStaticOwners, Is.False);
        await admin.CloseAsync();
        await after.TakeAsync(0, 1);
    }

    [Test]
    public async Task TakePartitionAsync_NeighboursRows_AreNotWritten()
    {
        TestWorker neighbour = await RegisterStaticAsync();
        TestWorker taker = await RegisterStaticAsync();
        long stamp = await neighbour.TakeAsync(0, 2);
        Checkpoint row = (await LoadAsync(neighbour, stamp)).Single();
        string version = $"SELECT xmin::text FROM projection_checkpoints WHERE replica_set = '{ReplicaSet}' AND slot_from = {row.Slots.From}";
        string written = await Database.ReadAsync<string>(version);

        await taker.TakeAsync(1, 2);

        Assert.That(await Database.ReadAsync<string>(version), Is.EqualTo(written));
    }
}
