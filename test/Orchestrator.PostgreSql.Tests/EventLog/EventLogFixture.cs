using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.Projections;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>A fresh log for every test, in a schema of its own, and raw SQL to append to it as no well-behaved writer would.</summary>
public abstract class EventLogFixture : PostgreSqlFixture
{
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly List<NpgsqlConnection> _opened = [];
    private string _schema = null!;

    internal string LogConnectionString { get; private set; } = null!;

    internal SqlCatalog Sql { get; private set; } = null!;

    internal PostgreSqlConnections Connections { get; private set; } = null!;

    internal PostgreSqlEventLog Log { get; private set; } = null!;

    [SetUp]
    public async Task CreateLog()
    {
        LogConnectionString = await Server.CreateSchemaAsync("log");
        var builder = new NpgsqlConnectionStringBuilder(LogConnectionString);
        _schema = builder.SearchPath!;
        builder.SearchPath = null;
        var options = new PostgreSqlOptions { ConnectionString = builder.ConnectionString, Schema = _schema };
        Sql = new SqlCatalog(options);
        Connections = new PostgreSqlConnections(options, TimeProvider.System);
        NpgsqlConnection connection = await OpenAsync();
        foreach (Migration migration in Migration.All)
        {
            await ExecuteAsync(connection, Sql.Render(migration.UpSql));
        }

        Log = NewLog();
    }

    [TearDown]
    public async Task DropLog()
    {
        await Log.DisposeAsync();
        foreach (NpgsqlConnection connection in _opened)
        {
            await connection.DisposeAsync();
        }

        _opened.Clear();
        await Connections.DisposeAsync();
        await Server.DropSchemaAsync(LogConnectionString);
    }

    internal PostgreSqlEventLog NewLog(TimeProvider? time = null, ILogger<PostgreSqlEventLog>? logger = null) =>
        new(Connections, Sql, new LogHistory(), time ?? TimeProvider.System, logger ?? NullLogger<PostgreSqlEventLog>.Instance);

    /// <summary>A connection of the test's own, closed after the test.</summary>
    internal async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(LogConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        _opened.Add(connection);
        return connection;
    }

    internal static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    internal static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Inserts one event, in whatever transaction the connection is in.</summary>
    /// <returns>Its position.</returns>
    internal static async Task<long> InsertAsync(NpgsqlConnection connection, string aggregateId = "a", long? version = null, string aggregateType = "Thing", string eventType = "Happened", int bytes = 8)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload)
            VALUES ($1, $2, coalesce($3, (SELECT coalesce(max(aggregate_version), 0) + 1 FROM events WHERE aggregate_type = $1 AND aggregate_id = $2)), gen_random_uuid(), $4, $5)
            RETURNING global_position
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = aggregateType });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = aggregateId });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)version ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = eventType });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = new byte[bytes] });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Inserts events, each of an aggregate of its own, in one statement.</summary>
    internal static Task InsertManyAsync(NpgsqlConnection connection, int count, string prefix = "many") => ExecuteAsync(
        connection,
        $"""
        INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload)
        SELECT 'Thing', '{prefix}-' || i, 1, gen_random_uuid(), 'Happened', '\x01' FROM generate_series(1, {count}) AS i
        """);

    internal static EventPageRequest Request(long from = 0, SlotRange? slots = null, int maxCount = 1000, int maxBytes = 1_000_000, EventFilter? filter = null) =>
        new(from, slots ?? SlotRange.All, maxCount, maxBytes, filter ?? EventFilter.All);

    internal ValueTask<EventPage> ReadAsync(long from = 0) => Log.ReadAsync(Request(from), CancellationToken.None);

    internal async Task<long[]> PositionsAsync(long from = 0) => [.. (await ReadAsync(from)).Events.Select(e => e.GlobalPosition)];
}
