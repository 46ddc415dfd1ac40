using Orchestrator.Hosting.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Membership;

/// <summary>
/// Alone on the server: old versions of a row make room for new ones only once PostgreSQL has seen that nobody needs them, and it looks again only when the oldest running transaction of
/// the whole cluster has changed. So an open transaction of another test, in whatever database, would show here (a few of 1,000 updates then go to another page).
/// </summary>
[TestFixture]
[NonParallelizable]
internal sealed class PostgreSqlHeartbeatRowTests : CoordinationFixture
{
    [Test]
    public async Task BeatAsync_ManyTimes_UpdatesInPlace()
    {
        TestWorker worker = await RegisterAsync();
        IHeartbeatSession heartbeat = await Membership.OpenHeartbeatAsync(ReplicaSet, worker.Id, CancellationToken.None);
        for (int i = 0; i < 1000; i++)
        {
            await heartbeat.BeatAsync(CancellationToken.None);
        }

        // A session reports what it has done when it ends.
        await heartbeat.DisposeAsync();

        await Eventually.HoldsAsync(() => Database.ReadAsync<bool>("SELECT n_tup_upd = 1000 FROM pg_stat_user_tables WHERE relid = 'orchestrator_heartbeats'::regclass"));
        Assert.That(await Database.ReadAsync<long>("SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relid = 'orchestrator_heartbeats'::regclass"), Is.EqualTo(1000));
        Assert.That(await Database.ReadAsync<long>("SELECT pg_relation_size('orchestrator_heartbeats')"), Is.EqualTo(8192));
    }
}
