using Npgsql;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.EventLog;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>Why an observation's statements come in that order, each with a snapshot of its own: an adversary is let in between them.</summary>
public sealed class ObservationOrderTests : EventLogFixture
{
    private NpgsqlConnection _reader = null!;
    private NpgsqlConnection _slow = null!;
    private NpgsqlConnection _fast = null!;
    private long _openPosition;

    [SetUp]
    public async Task OpenSessions()
    {
        _reader = await OpenAsync();
        _slow = await OpenAsync();
        _fast = await OpenAsync();
    }

    [Test]
    public async Task Observe_InTheProductsOrder_NeverPassesAnOpenPosition([Range(0, 3)] int adversaryBefore)
    {
        long horizon = await HorizonAsync(HorizonSession.ObservationInOrder, adversaryBefore);

        Assert.That(horizon, Is.LessThan(_openPosition));
    }

    [Test]
    public async Task Observe_HoldersListedBeforeTheLastValue_PassesAnOpenPosition()
    {
        long horizon = await HorizonAsync(["horizon_lock_holders", "horizon_last_value", "horizon_contiguous"], adversaryBefore: 1);

        Assert.That(horizon, Is.GreaterThanOrEqualTo(_openPosition), "if this order were safe too, the product's would need no reason");
    }

    [Test]
    public async Task Read_InOneSnapshotWithTheObservation_MissesAnEvent()
    {
        await using NpgsqlTransaction open = await _slow.BeginTransactionAsync();
        long late = await InsertAsync(_slow, "slow");
        await InsertAsync(_fast, "fast");

        await using NpgsqlTransaction snapshot = await _reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await ScalarAsync<int>(_reader, "SELECT 1");
        await open.CommitAsync();
        long lastValue = await ScalarAsync<long>(_reader, Sql["horizon_last_value"]);
        object? holder = await new NpgsqlCommand(Sql["horizon_lock_holders"], _reader).ExecuteScalarAsync();
        long[] seen = await ScalarAsync<long[]>(_reader, $"SELECT array_agg(global_position) FROM events WHERE global_position <= {lastValue}");

        Assert.That(holder, Is.Null, "nobody holds anything back");
        Assert.That(seen, Does.Not.Contain(late), "and yet the event is not in the snapshot");
    }

    [Test]
    public async Task ReadAsync_RoleThatDefaultsToOneSnapshot_UsesASnapshotForEachStatement()
    {
        string role = $"stubborn_{Guid.NewGuid():N}";
        await ExecuteAsync(_fast, $"CREATE ROLE {role} LOGIN SUPERUSER PASSWORD 'stubborn'; ALTER ROLE {role} SET default_transaction_isolation = 'repeatable read'");
        try
        {
            var main = new NpgsqlConnectionStringBuilder(LogConnectionString) { Username = role, Password = "stubborn", SearchPath = null };
            await using var connections = new PostgreSqlConnections(new PostgreSqlOptions { ConnectionString = main.ConnectionString }, TimeProvider.System);
            await using KeptSession kept = await connections.OpenSessionAsync("isolation", CancellationToken.None);
            NpgsqlConnection session = kept.Connection;

            Assert.That(await ScalarAsync<string>(session, "SHOW transaction_isolation"), Is.EqualTo("read committed"));
        }
        finally
        {
            await ExecuteAsync(_fast, $"DROP ROLE {role}");
        }
    }

    /// <summary>Runs an observation's statements one by one, with an adversary before one of them: one append that stays open, then another that commits.</summary>
    private async Task<long> HorizonAsync(string[] order, int adversaryBefore)
    {
        long lastValue = 0;
        long contiguousTo = 0;
        var holders = new List<string>();
        for (int i = 0; i <= order.Length; i++)
        {
            if (i == adversaryBefore)
            {
                await ExecuteAsync(_slow, "BEGIN");
                _openPosition = await InsertAsync(_slow, "slow");
                await InsertAsync(_fast, "fast");
            }

            switch (i < order.Length ? order[i] : "")
            {
                case "horizon_last_value":
                    lastValue = await ScalarAsync<long>(_reader, Sql["horizon_last_value"]);
                    break;
                case "horizon_lock_holders":
                    await using (NpgsqlDataReader rows = await new NpgsqlCommand(Sql["horizon_lock_holders"], _reader).ExecuteReaderAsync())
                    {
                        while (await rows.ReadAsync())
                        {
                            holders.Add(rows.GetString(0));
                        }
                    }

                    break;
                case "horizon_contiguous":
                    await using (var command = new NpgsqlCommand(Sql["horizon_contiguous"], _reader) { Parameters = { new NpgsqlParameter<long> { TypedValue = 0 }, new NpgsqlParameter<int> { TypedValue = 100 } } })
                    {
                        contiguousTo = (long)(await command.ExecuteScalarAsync())!;
                    }

                    break;
            }
        }

        var tracker = new HorizonTracker(0);
        tracker.Observe(new HorizonObservation(lastValue, holders, contiguousTo, 1));
        return tracker.Position;
    }
}
