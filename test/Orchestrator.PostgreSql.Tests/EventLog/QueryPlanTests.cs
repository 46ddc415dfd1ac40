using System.Globalization;
using Npgsql;
using Orchestrator.PostgreSql.EventLog;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>How the server runs what is asked at every look at the log: without compiling, and without reading more than it must.</summary>
public sealed class QueryPlanTests : EventLogFixture
{
    private NpgsqlConnection _session = null!;

    [SetUp]
    public async Task OpenSession()
    {
        _session = await OpenAsync();
        await ExecuteAsync(_session, "SET jit = on");
    }

    [Test]
    public async Task Observation_AnyStatement_IsNotCompiled()
    {
        Assume.That(await ScalarAsync<bool>(_session, "SELECT pg_jit_available()"), "This server cannot compile statements.");
        await ExecuteAsync(_session, Sql["horizon_start"]);
        foreach (string name in HorizonSession.ObservationInOrder)
        {
            string statement = Sql[name].Replace("$1", "0", StringComparison.Ordinal).Replace("$2", "10000", StringComparison.Ordinal);

            Assert.That(await ExplainAsync($"EXPLAIN {statement}"), Does.Not.Contain("JIT"), name);
        }
    }

    [Test]
    public async Task LastPosition_StatisticsFromALongFirstAppend_TakesOneStepInTheIndex()
    {
        NpgsqlConnection writer = await OpenAsync();
        await using (NpgsqlTransaction open = await writer.BeginTransactionAsync())
        {
            await InsertManyAsync(writer, 5_000);
            await ExecuteAsync(_session, "ANALYZE events");
            await open.CommitAsync();
        }

        await ExecuteAsync(_session, "BEGIN");
        await ExecuteAsync(_session, Sql["read_page_settings"]);
        string statement = Sql["last_position"].Replace("$1", "4000", StringComparison.Ordinal);

        string plan = await ExplainAsync($"EXPLAIN (ANALYZE, TIMING OFF) {statement}");

        Assert.That(await ScalarAsync<long>(_session, statement), Is.EqualTo(4_000));
        Assert.That(plan.Split("actual rows=").Skip(1).Select(rest => rest.Split(' ')[0]), Is.Not.Empty.And.All.AnyOf("1", "1.00"), plan);
        Assert.That(plan, Does.Not.Contain("JIT"));
    }

    [Test]
    public async Task Contiguous_ManyPositionsThatAreNotVisible_LooksAtAsManyAsItMay()
    {
        NpgsqlConnection writer = await OpenAsync();
        await using NpgsqlTransaction open = await writer.BeginTransactionAsync();
        await InsertManyAsync(writer, 20_000);
        await ExecuteAsync(_session, Sql["horizon_start"]);
        string statement = Sql["horizon_contiguous"].Replace("$1", "0::bigint", StringComparison.Ordinal).Replace("$2", "100", StringComparison.Ordinal);

        string plan = await ExplainAsync($"EXPLAIN (ANALYZE, TIMING OFF) {statement}");

        Assert.That(int.Parse(plan.Split("Heap Fetches: ")[1].Split('\n')[0], CultureInfo.InvariantCulture), Is.AtMost(100), plan);
    }

    [Test]
    public async Task Lag_LongLogThatLooksEmpty_TakesOneStepInTheIndexForEachCheckpoint()
    {
        NpgsqlConnection writer = await OpenAsync();
        await ExecuteAsync(writer, "ANALYZE events");
        await InsertManyAsync(writer, 5_000);
        await ExecuteAsync(writer, "INSERT INTO projection_checkpoints (replica_set, projection_name, slot_from, slot_to, position, generation_id) SELECT 'plan', 'p' || i, 0, 32768, i * 1000, 1 FROM generate_series(0, 4) AS i");
        await ExecuteAsync(_session, "BEGIN ISOLATION LEVEL REPEATABLE READ");
        await ExecuteAsync(_session, Sql["inspect_settings"]);
        string statement = Sql["inspect_checkpoints"].Replace("$1", "'plan'", StringComparison.Ordinal);

        string plan = await ExplainAsync($"EXPLAIN (ANALYZE, TIMING OFF) {statement}");

        Assert.That(plan, Does.Match(@"Index Scan using \S+ on events e .*actual rows=1(\.00)? loops=5"));
        Assert.That(plan, Does.Not.Contain("Seq Scan").And.Not.Contain("JIT"));
        Assert.That(await ExplainAsync($"EXPLAIN (ANALYZE, TIMING OFF) {Sql["inspect_log"]}"), Does.Match(@"Index .*Scan Backward using \S+ on events .*actual rows=1(\.00)? "));
    }

    private async Task<string> ExplainAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _session);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }
}
