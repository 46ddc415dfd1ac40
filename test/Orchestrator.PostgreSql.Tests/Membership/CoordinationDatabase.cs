using Npgsql;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Membership;
using Orchestrator.PostgreSql.Checkpoints;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Membership;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.Testing;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Membership;

/// <summary>A schema with the tables, and both stores on it. Fixtures hold one.</summary>
internal sealed class CoordinationDatabase : ICoordinationStores
{
    private readonly PostgreSqlServer _server;
    private readonly PgBouncer? _proxy;

    private CoordinationDatabase(PostgreSqlServer server, string connectionString, PgBouncer? proxy, RecordingLogger log)
    {
        var options = new PostgreSqlOptions { ConnectionString = proxy?.ConnectionString ?? connectionString };
        _server = server;
        _proxy = proxy;
        ConnectionString = connectionString;
        Log = log;
        Sql = new SqlCatalog(options);
        Connections = new PostgreSqlConnections(options, TimeProvider.System);
        Connections.Proxies.Found(areShared: proxy is not null);
        Membership = new PostgreSqlMembershipStore(Connections, Sql, TimeProvider.System, log);
        Checkpoints = new PostgreSqlCheckpointStore(Connections, Sql);
        Psql = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    public RecordingLogger Log { get; }

    public SqlCatalog Sql { get; }

    public PostgreSqlConnections Connections { get; }

    public IMembershipStore Membership { get; }

    public ICheckpointStore Checkpoints { get; }

    /// <summary>Somebody else's connections.</summary>
    public NpgsqlDataSource Psql { get; }

    public static async Task<CoordinationDatabase> CreateAsync()
    {
        PostgreSqlServer server = await SharedPostgreSql.GetAsync();
        return await CreateAsync(server, await server.CreateSchemaAsync(), proxy: null);
    }

    /// <summary>A database of its own instead, which both stores reach through a proxy that pools transactions.</summary>
    public static async Task<CoordinationDatabase> CreateProxiedAsync()
    {
        PostgreSqlServer server = await SharedPostgreSql.GetAsync();
        string connectionString = await server.CreateDatabaseAsync();
        return await CreateAsync(server, connectionString, await PgBouncer.StartAsync(connectionString, PgBouncer.Transactions));
    }

    private static async Task<CoordinationDatabase> CreateAsync(PostgreSqlServer server, string connectionString, PgBouncer? proxy)
    {
        var database = new CoordinationDatabase(server, connectionString, proxy, new RecordingLogger());
        await new PostgreSqlMigrator(new PostgreSqlOptions { ConnectionString = connectionString }).MigrateAsync();
        await database.ExecuteAsync("CREATE TABLE read_model (id serial PRIMARY KEY, key text NOT NULL UNIQUE, value bigint NOT NULL)");
        return database;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = Psql.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ReadAsync<T>(string sql)
    {
        await using NpgsqlCommand command = Psql.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await Psql.DisposeAsync();
        await Connections.DisposeAsync();
        if (_proxy is null)
        {
            await _server.DropSchemaAsync(ConnectionString);
            return;
        }

        await _proxy.DisposeAsync();
        await _server.DropDatabaseAsync(ConnectionString);
    }
}
