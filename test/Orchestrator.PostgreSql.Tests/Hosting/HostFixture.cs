using Npgsql;
using Orchestrator.Testing;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>A schema of its own for every test of whole hosts: here tables are broken and mended.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public abstract class HostFixture
{
    private NpgsqlDataSource _owner = null!;

    /// <summary>Whether a test gets a database instead of a schema: for connections without a search path.</summary>
    protected virtual bool NeedsOwnDatabase => false;

    protected PostgreSqlServer Server { get; private set; } = null!;

    /// <summary>How the owner of the tables connects.</summary>
    protected string ConnectionString { get; private set; } = null!;

    [SetUp]
    public async Task CreateTables()
    {
        Server = await SharedPostgreSql.GetAsync();
        ConnectionString = NeedsOwnDatabase ? await Server.CreateDatabaseAsync("host") : await Server.CreateSchemaAsync("host");
        _owner = NpgsqlDataSource.Create(ConnectionString);
        using var host = new HostUnderTest(ConnectionString);
        await host.MigrateAsync();
        await ExecuteAsync("CREATE TABLE seen (aggregate_id text, version bigint, PRIMARY KEY (aggregate_id, version))");
    }

    [TearDown]
    public async Task DropTables()
    {
        if (_owner is not null)
        {
            await _owner.DisposeAsync();
            await (NeedsOwnDatabase ? Server.DropDatabaseAsync(ConnectionString) : Server.DropSchemaAsync(ConnectionString));
        }
    }

    /// <summary>The owner's connection string with other settings.</summary>
    protected string ConnectionStringWith(Action<NpgsqlConnectionStringBuilder> change)
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionString);
        change(builder);
        return builder.ConnectionString;
    }

    protected async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = _owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    protected async Task<long> CountAsync(string from)
    {
        await using NpgsqlCommand command = _owner.CreateCommand($"SELECT count(*) FROM {from}");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
