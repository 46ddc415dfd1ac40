using Npgsql;
using Orchestrator.Testing.Servers;

namespace Orchestrator.Testing;

/// <summary>
/// A PostgreSQL for tests and examples. It comes, in this order, from the connection string in <c>ORCHESTRATOR_POSTGRES</c>; from PostgreSQL's programs found on this
/// machine, as a throw-away cluster in a temporary folder; from Docker. What was started is stopped and deleted again, also when this process is killed.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    /// <summary>The environment variable that holds the connection string of a server to use: <c>ORCHESTRATOR_POSTGRES</c>.</summary>
    public const string ConnectionStringVariable = "ORCHESTRATOR_POSTGRES";

    private readonly IServerInstance _instance;

    private PostgreSqlServer(IServerInstance instance) => _instance = instance;

    /// <summary>How to connect as a user that may create databases.</summary>
    public string ConnectionString => _instance.ConnectionString;

    /// <summary>Where the server comes from, in words for people.</summary>
    public string Description => _instance.Description;

    /// <summary>Whether <see cref="RestartAsync"/> works: only for a cluster that was started here.</summary>
    public bool CanRestart => _instance.CanRestart;

    /// <summary>The process id of the server, or null when it does not run on this machine's own account. It changes with a restart.</summary>
    public int? ProcessId => _instance.ProcessId;

    /// <summary>Finds or starts a server.</summary>
    /// <param name="options">How to set up one that is started; null: the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The server, ready for connections. Disposing it stops and deletes what was started.</returns>
    /// <exception cref="PostgreSqlUnavailableException">There is none, or it does not start; the message says how to get one.</exception>
    public static async Task<PostgreSqlServer> StartAsync(PostgreSqlServerOptions? options = null, CancellationToken cancellationToken = default) =>
        new(await ServerSources.StartAsync(options ?? new PostgreSqlServerOptions(), SearchPaths.OfThisMachine(), cancellationToken).ConfigureAwait(false));

    /// <summary>Creates a database with a name of its own.</summary>
    /// <param name="prefix">What its name begins with: lower-case letters, digits and underscores; at most 30 characters.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new database's connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string prefix = "test", CancellationToken cancellationToken = default)
    {
        string name = UniqueName.From(prefix);
        await ExecuteAsync($"CREATE DATABASE \"{name}\"", cancellationToken).ConfigureAwait(false);
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Drops a database that <see cref="CreateDatabaseAsync"/> created, and ends the sessions in it.</summary>
    /// <param name="connectionString">The database's connection string.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the database is gone.</returns>
    public Task DropDatabaseAsync(string connectionString, CancellationToken cancellationToken = default)
    {
        string name = new NpgsqlConnectionStringBuilder(connectionString).Database ?? throw new ArgumentException("The connection string names no database.", nameof(connectionString));
        return ExecuteAsync($"DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)", cancellationToken);
    }

    /// <summary>Creates a schema with a name of its own in the server's default database.</summary>
    /// <param name="prefix">What its name begins with: lower-case letters, digits and underscores; at most 30 characters.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A connection string whose search path is the new schema.</returns>
    public async Task<string> CreateSchemaAsync(string prefix = "test", CancellationToken cancellationToken = default)
    {
        string name = UniqueName.From(prefix);
        await ExecuteAsync($"CREATE SCHEMA \"{name}\"", cancellationToken).ConfigureAwait(false);
        return new NpgsqlConnectionStringBuilder(ConnectionString) { SearchPath = name }.ConnectionString;
    }

    /// <summary>Drops a schema that <see cref="CreateSchemaAsync"/> created, with everything in it.</summary>
    /// <param name="connectionString">The schema's connection string.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the schema is gone.</returns>
    public Task DropSchemaAsync(string connectionString, CancellationToken cancellationToken = default)
    {
        string name = new NpgsqlConnectionStringBuilder(connectionString).SearchPath ?? throw new ArgumentException("The connection string names no schema.", nameof(connectionString));
        return ExecuteAsync($"DROP SCHEMA IF EXISTS \"{name}\" CASCADE", cancellationToken);
    }

    /// <summary>Stops the server and starts it again with the same data, at the same address.</summary>
    /// <param name="immediate">True: as a crash, with recovery from the log of writes. False: in order, with every session ended first.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>A task that ends when the server takes connections again.</returns>
    /// <exception cref="NotSupportedException">The server was not started here.</exception>
    public Task RestartAsync(bool immediate, CancellationToken cancellationToken = default) => _instance.RestartAsync(immediate, cancellationToken);

    /// <summary>Stops and deletes what was started.</summary>
    /// <returns>A task that ends when it is gone.</returns>
    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private Task ExecuteAsync(string sql, CancellationToken cancellationToken) => Connection.ExecuteAsync(ConnectionString, sql, cancellationToken);
}
