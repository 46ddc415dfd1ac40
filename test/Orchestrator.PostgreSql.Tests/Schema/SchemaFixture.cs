using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.Testing;

namespace Orchestrator.PostgreSql.Tests.Schema;

/// <summary>An empty schema for every test, because here the schema is what is tested.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public abstract class SchemaFixture
{
    private PostgreSqlServer _server = null!;

    protected string ConnectionString { get; private set; } = null!;

    private protected PostgreSqlOptions Options => new() { ConnectionString = ConnectionString };

    [SetUp]
    public async Task CreateSchema()
    {
        _server = await SharedPostgreSql.GetAsync();
        ConnectionString = await _server.CreateSchemaAsync();
    }

    [TearDown]
    public async Task DropSchema()
    {
        if (ConnectionString is not null)
        {
            await _server.DropSchemaAsync(ConnectionString);
        }
    }

    protected async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    protected async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private protected static Task<IReadOnlyList<string>> MigrateAsync(PostgreSqlOptions options) => new PostgreSqlMigrator(options).MigrateAsync();

    private protected static async Task CheckAsync(PostgreSqlOptions options)
    {
        await using var connections = new PostgreSqlConnections(options, TimeProvider.System);
        await new SchemaCheck(connections, new SqlCatalog(options), new LogHistory(), NullLogger<SchemaCheck>.Instance).CheckAsync(CancellationToken.None);
    }
}
