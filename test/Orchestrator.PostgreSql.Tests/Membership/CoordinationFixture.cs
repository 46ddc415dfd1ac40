using Npgsql;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Membership;

/// <summary>The base of fixtures about what only PostgreSQL does.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
internal abstract class CoordinationFixture : CoordinationContract
{
    private CoordinationDatabase? _database;

    protected CoordinationDatabase Database => _database!;

    protected override async Task<ICoordinationStores> OpenStoresAsync() => _database = await CoordinationDatabase.CreateAsync();

    /// <summary>Somebody else's session, with a transaction open in which a statement has run.</summary>
    protected async Task<NpgsqlConnection> OpenTransactionAsync(string applicationName, string sql)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { ApplicationName = applicationName, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("BEGIN; " + sql, connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Whether a session still exists.</summary>
    protected Task<bool> IsAliveAsync(int processId) => Database.ReadAsync<bool>($"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {processId})");
}
