using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.EventStore;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.Testing;

namespace Orchestrator.PostgreSql.Tests.EventStore;

/// <summary>An event store, in a migrated schema of its own where it is asked to make one.</summary>
internal sealed class StoreUnderTest : IAppendNotifier, IAsyncDisposable
{
    private readonly PostgreSqlConnections _connections;
    private readonly PostgreSqlServer? _server;
    private int _notifications;

    public StoreUnderTest(PostgreSqlOptions options, PostgreSqlServer? server = null)
    {
        _server = server;
        Options = options;
        _connections = new PostgreSqlConnections(options, TimeProvider.System);
        Store = new PostgreSqlEventStore(_connections, new SqlCatalog(options), this, NullLogger<PostgreSqlEventStore>.Instance);
    }

    public IEventStore Store { get; }

    public PostgreSqlOptions Options { get; }

    public int Notifications => _notifications;

    public static async Task<StoreUnderTest> CreateAsync()
    {
        PostgreSqlServer server = await SharedPostgreSql.GetAsync();
        var options = new PostgreSqlOptions { ConnectionString = await server.CreateSchemaAsync() };
        await new PostgreSqlMigrator(options).MigrateAsync();
        return new StoreUnderTest(options, server);
    }

    /// <summary>Runs a statement on a connection of the store's own pool.</summary>
    public async Task ExecuteAsync(string sql) => await ScalarAsync(sql);

    public async Task<object?> ScalarAsync(string sql)
    {
        await using NpgsqlConnection connection = await _connections.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public void Appended() => Interlocked.Increment(ref _notifications);

    public async ValueTask DisposeAsync()
    {
        await _connections.DisposeAsync();
        if (_server is not null)
        {
            await _server.DropSchemaAsync(Options.ConnectionString!);
        }
    }
}
