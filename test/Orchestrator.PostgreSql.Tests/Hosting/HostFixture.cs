using Npgsql;
using Orchestrator.Testing;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>A schema of its own for every test of whole hosts: here tables are broken and mended.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public abstract class HostFixture
{
    private NpgsqlDataSource _owner = null!;
    private string _ownersConnectionString = "";
    private ApplicationUser? _user;

    /// <summary>Whether a test gets a database instead of a schema: for connections without a search path.</summary>
    protected virtual bool NeedsOwnDatabase => false;

    protected PostgreSqlServer Server { get; private set; } = null!;

    /// <summary>How hosts connect: with the rights of a worker and an appender, and no others.</summary>
    protected string ConnectionString => _user?.ConnectionString ?? _ownersConnectionString;

    [SetUp]
    public async Task CreateTables()
    {
        Server = await SharedPostgreSql.GetAsync();
        _ownersConnectionString = NeedsOwnDatabase ? await Server.CreateDatabaseAsync("host") : await Server.CreateSchemaAsync("host");
        _owner = NpgsqlDataSource.Create(_ownersConnectionString);
        using var host = new HostUnderTest(_ownersConnectionString);
        await host.MigrateAsync();
        _user = await ApplicationUser.CreateAsync(_owner, _ownersConnectionString);
        await ExecuteAsync("CREATE TABLE seen (aggregate_id text, version bigint, PRIMARY KEY (aggregate_id, version))");
    }

    [TearDown]
    public async Task DropTables()
    {
        if (_owner is not null)
        {
            await (_user?.DropAsync() ?? Task.CompletedTask);
            _user = null;
            await _owner.DisposeAsync();
            await (NeedsOwnDatabase ? Server.DropDatabaseAsync(_ownersConnectionString) : Server.DropSchemaAsync(_ownersConnectionString));
        }
    }

    /// <summary>The hosts' connection string with other settings.</summary>
    protected string ConnectionStringWith(Action<NpgsqlConnectionStringBuilder> change)
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionString);
        change(builder);
        return builder.ConnectionString;
    }

    /// <summary>Runs a statement as the tables' owner.</summary>
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
