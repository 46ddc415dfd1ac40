using Npgsql;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.Testing;

namespace Examples.Shared;

/// <summary>A schema of the example's own on a PostgreSQL that is found or started, with the orchestrator's tables and the example's; gone when it is disposed.</summary>
internal sealed class ExampleDatabase : IAsyncDisposable
{
    // Each row of the checkpoints is about some of the slots: a projection is as far as the row that is furthest behind.
    private const string ReadPosition = "SELECT coalesce(min(position), 0) FROM projection_checkpoints WHERE projection_name = $1";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly PostgreSqlServer _server;
    private readonly NpgsqlDataSource _dataSource;

    private ExampleDatabase(PostgreSqlServer server, string connectionString)
    {
        _server = server;
        ConnectionString = connectionString;
        _dataSource = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    /// <summary>Finds or starts the server and creates all tables.</summary>
    public static async Task<ExampleDatabase> CreateAsync(string schema, string createTables, CancellationToken cancellationToken)
    {
        PostgreSqlServer server = await PostgreSqlServer.StartAsync(cancellationToken: cancellationToken);
        try
        {
            var database = new ExampleDatabase(server, await server.CreateSchemaAsync(schema, cancellationToken));
            await new PostgreSqlMigrator(new PostgreSqlOptions { ConnectionString = database.ConnectionString }).MigrateAsync(cancellationToken);
            await using NpgsqlCommand command = database._dataSource.CreateCommand(createTables);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return database;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Up to where in the log a projection has applied every event.</summary>
    public Task<long> PositionAsync(string projection, CancellationToken cancellationToken) => ReadAsync<long>(ReadPosition, [projection], cancellationToken);

    /// <summary>Waits until a projection has applied every event up to a position.</summary>
    public async Task WaitUntilAppliedAsync(string projection, long position, CancellationToken cancellationToken)
    {
        while (await PositionAsync(projection, cancellationToken) < position)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Waits until a number is there.</summary>
    public async Task WaitUntilAsync(string sql, long number, CancellationToken cancellationToken)
    {
        while (await ReadAsync<long>(sql, cancellationToken) != number)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Asks for a single value.</summary>
    public Task<T> ReadAsync<T>(string sql, CancellationToken cancellationToken) => ReadAsync<T>(sql, [], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _dataSource.DisposeAsync();
        await _server.DropSchemaAsync(ConnectionString);
        await _server.DisposeAsync();
    }

    private async Task<T> ReadAsync<T>(string sql, object[] values, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = _dataSource.CreateCommand(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
