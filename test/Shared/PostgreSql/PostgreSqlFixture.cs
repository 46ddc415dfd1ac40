using Npgsql;

namespace Orchestrator.Testing.Shared;

/// <summary>The base of fixtures that need PostgreSQL: each has a schema or a database of its own, so that all can run at the same time.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public abstract class PostgreSqlFixture
{
    private NpgsqlDataSource? _dataSource;

    /// <summary>The shared server.</summary>
    protected PostgreSqlServer Server { get; private set; } = null!;

    /// <summary>How to reach the fixture's own schema (by the search path) or database.</summary>
    protected string ConnectionString { get; private set; } = null!;

    /// <summary>Pooled connections to it.</summary>
    protected NpgsqlDataSource DataSource => _dataSource ?? throw new InvalidOperationException("The fixture has not been set up.");

    /// <summary>Whether the fixture gets a database instead of a schema: for what is visible in the whole database, such as advisory locks.</summary>
    protected virtual bool NeedsOwnDatabase => false;

    [OneTimeSetUp]
    public async Task CreateSchemaOrDatabase()
    {
        Server = await SharedPostgreSql.GetAsync();
        ConnectionString = NeedsOwnDatabase ? await Server.CreateDatabaseAsync() : await Server.CreateSchemaAsync();
        _dataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    [OneTimeTearDown]
    public async Task DropSchemaOrDatabase()
    {
        if (_dataSource is null)
        {
            return;
        }

        await _dataSource.DisposeAsync();
        await (NeedsOwnDatabase ? Server.DropDatabaseAsync(ConnectionString) : Server.DropSchemaAsync(ConnectionString));
    }

    /// <summary>Runs a statement.</summary>
    protected async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Reads one value, which is not null.</summary>
    protected async Task<T> ReadAsync<T>(string sql)
    {
        await using NpgsqlCommand command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
