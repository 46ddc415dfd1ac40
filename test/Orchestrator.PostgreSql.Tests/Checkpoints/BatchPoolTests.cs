using Npgsql;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Checkpoints;

/// <summary>The pool that batches come from.</summary>
[TestFixture]
internal sealed class BatchPoolTests : PostgreSqlFixture
{
    [TestCase("", 1)]
    [TestCase(";Max Auto Prepare=0", 0)]
    public async Task Statement_ComesAgain_IsPreparedUnlessTheConnectionStringSaysOtherwise(string addition, long expected)
    {
        await using var connections = new PostgreSqlConnections(new PostgreSqlOptions { ConnectionString = ConnectionString + addition }, TimeProvider.System);
        await using NpgsqlConnection connection = await connections.Batches.OpenConnectionAsync();
        for (int i = 0; i < 3; i++)
        {
            await ReadAsync<int>(connection, "SELECT 4711");
        }

        Assert.That(await ReadAsync<long>(connection, "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 4711'"), Is.EqualTo(expected));
    }

    // What a handler leaves in a session must not meet whoever gets it next.
    [Test]
    public async Task Session_IsUsedAgain_HasNothingLeftInItButItsPlans()
    {
        await using var connections = new PostgreSqlConnections(new PostgreSqlOptions { ConnectionString = ConnectionString }, TimeProvider.System);
        int session = await LeaveAsync(connections);
        await using NpgsqlConnection next = await connections.Batches.OpenConnectionAsync();

        Assert.That(next.ProcessID, Is.EqualTo(session));
        Assert.That(await ReadAsync<string>(next, "SELECT current_setting('application_name')"), Is.Not.EqualTo("left"));
        Assert.That(await ReadAsync<long>(next, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"), Is.Zero);
        Assert.That(await ReadAsync<long>(next, "SELECT count(*) FROM pg_prepared_statements"), Is.Positive);
    }

    private static async Task<int> LeaveAsync(PostgreSqlConnections connections)
    {
        await using NpgsqlConnection connection = await connections.Batches.OpenConnectionAsync();
        for (int i = 0; i < 2; i++)
        {
            await ReadAsync<string>(connection, "SELECT set_config('application_name', 'left', false) FROM pg_advisory_lock(4711)");
        }

        return connection.ProcessID;
    }

    private static async Task<T> ReadAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
