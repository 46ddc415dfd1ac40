using Npgsql;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.PostgreSql.Tests.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Checkpoints;

/// <summary>Pooled sessions are not reset at every use. So what handlers leave in one must not meet whoever gets it next.</summary>
[TestFixture]
internal sealed class SessionResetTests : CoordinationFixture
{
    private const string Leave = "SELECT set_config('application_name', 'left', false), pg_advisory_lock(4711)";

    private TestWorker _worker = null!;
    private long _generation;
    private Checkpoint _row = null!;

    [SetUp]
    public async Task Rescale()
    {
        _worker = await RegisterAsync();
        _generation = await RescaleAsync(_worker);
        _row = (await LoadAsync(_worker, _generation)).Single();
    }

    [TestCase(Leave, true)]
    [TestCase(Leave, false)]
    [TestCase("COMMIT; " + Leave + "; BEGIN", false)]
    public async Task DisposeAsync_HandlerLeftSomethingOnTheConnection_UndoesItAndKeepsTheSession(string sql, bool commits)
    {
        int session;
        await using (IFencedBatch batch = (await BeginAsync(_worker, _generation, _row))!)
        {
            session = await ExecuteAsync(batch, sql);
            if (commits)
            {
                await batch.CommitAsync(1);
            }
        }

        await AssertCleanAsync(session);
    }

    [Test]
    public async Task DisposeAsync_EnqueuedStatementLeftSomething_UndoesItAndKeepsTheSession()
    {
        await using (IFencedBatch batch = (await BeginAsync(_worker, _generation, _row))!)
        {
            batch.Context.Enqueue(Leave);
            batch.Context.Enqueue("INSERT INTO read_model (key, value) VALUES ($1, pg_backend_pid())", ReplicaSet);
            await batch.CommitAsync(1);
        }

        await AssertCleanAsync((int)await Database.ReadAsync<long>($"SELECT value FROM read_model WHERE key = '{ReplicaSet}'"));
    }

    [Test]
    public async Task DisposeAsync_HandlerGaveTheConnectionBackAsItWas_EndsTheSession()
    {
        int session;
        await using (IFencedBatch batch = (await BeginAsync(_worker, _generation, _row))!)
        {
            session = await ExecuteAsync(batch, "COMMIT; " + Leave);
            await (await batch.Context.GetConnectionAsync()).CloseAsync();
        }

        await Eventually.HoldsAsync(async () => !await IsAliveAsync(session));
    }

    private async Task AssertCleanAsync(int session)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await IsAliveAsync(session));
            Assert.That(await Database.ReadAsync<string>($"SELECT application_name FROM pg_stat_activity WHERE pid = {session}"), Is.Not.EqualTo("left"));
            Assert.That(await Database.ReadAsync<long>($"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND pid = {session}"), Is.Zero);
        }
    }

    private static async Task<int> ExecuteAsync(IFencedBatch batch, string sql)
    {
        var connection = (NpgsqlConnection)await batch.Context.GetConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
        return connection.ProcessID;
    }
}
