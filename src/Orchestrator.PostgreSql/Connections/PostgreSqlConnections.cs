using System.Collections.Concurrent;
using Npgsql;
using Orchestrator.PostgreSql.Configuration;

namespace Orchestrator.PostgreSql.Connections;

/// <summary>
/// Opens every connection of the orchestrator: pooled ones for batches and reads, and sessions of their own, unpooled, for what must not wait for a pool.
/// Every one of them gives up a dead peer and an abandoned transaction by itself.
/// </summary>
internal sealed class PostgreSqlConnections : IAsyncDisposable, IDisposable
{
    // A killed process's locks stay until the server notices that it is gone: while a statement runs, only client_connection_check_interval does
    // (https://www.postgresql.org/docs/current/runtime-config-connection.html). Given as start-up options, so that a pool's reset cannot undo them.
    private const string ServerOptions =
        "-c client_connection_check_interval=1000 -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=15000 "
        + "-c idle_in_transaction_session_timeout=60000 -c default_transaction_isolation=read\\ committed";

    private readonly ConcurrentDictionary<int, long> _openedAt = new();
    private readonly TimeProvider _time;
    private readonly NpgsqlDataSource _work;
    private readonly NpgsqlMultiHostDataSource? _hosts;
    private readonly string _coordination;

    public PostgreSqlConnections(PostgreSqlOptions options, TimeProvider time)
    {
        _time = time;
        string main = options.ConnectionString ?? throw new InvalidOperationException("The connection string has not been validated.");
        var builder = new NpgsqlDataSourceBuilder(WithServerOptions(main));
        builder.UsePhysicalConnectionInitializer(Remember, connection => { Remember(connection); return Task.CompletedTask; });
        if (HasManyHosts(builder.ConnectionStringBuilder))
        {
            builder.ConnectionStringBuilder.TargetSessionAttributes = null;
            _hosts = builder.BuildMultiHost();
            _work = _hosts.WithTargetSession(TargetSessionAttributes.Primary);
        }
        else
        {
            _work = builder.Build();
        }

        _coordination = SessionsOf(options.CoordinationConnectionString ?? main);
    }

    /// <summary>Pooled connections for batches, pages and appends.</summary>
    public NpgsqlDataSource Work => _work;

    /// <summary>When the physical connection under a pooled one was opened, as the TimeProvider's timestamp.</summary>
    public long OpenedAt(NpgsqlConnection connection) =>
        _openedAt.TryGetValue(connection.ProcessID, out long openedAt) ? openedAt : throw new InvalidOperationException("The connection is not one of ours.");

    /// <summary>Opens a session of its own, unpooled, by the coordination connection string. The caller closes it.</summary>
    public async Task<NpgsqlConnection> OpenSessionAsync(string applicationName, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = CreateSession(applicationName);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The same on the calling thread: for the heartbeat, which must not depend on the thread pool.</summary>
    public NpgsqlConnection OpenSession(string applicationName)
    {
        NpgsqlConnection connection = CreateSession(applicationName);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _work.DisposeAsync().ConfigureAwait(false);
        if (_hosts is not null)
        {
            await _hosts.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _work.Dispose();
        _hosts?.Dispose();
    }

    // PostgreSQL cuts an application name at 63 bytes.
    private NpgsqlConnection CreateSession(string applicationName) =>
        new(new NpgsqlConnectionStringBuilder(_coordination) { ApplicationName = applicationName.Length <= 63 ? applicationName : applicationName[..63] }.ConnectionString);

    private void Remember(NpgsqlConnection connection) => _openedAt[connection.ProcessID] = _time.GetTimestamp();

    private static string SessionsOf(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(WithServerOptions(connectionString)) { Pooling = false, Enlist = false };
        builder.TargetSessionAttributes = HasManyHosts(builder) ? "primary" : builder.TargetSessionAttributes;
        return builder.ConnectionString;
    }

    // Of several hosts only the primary will do: a standby knows no locks of open appends, and shows events late.
    private static bool HasManyHosts(NpgsqlConnectionStringBuilder builder) => builder.Host?.Contains(',', StringComparison.Ordinal) == true;

    private static string WithServerOptions(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);

        // So that an error says which statement of a batch it came from, and with it which event.
        builder.IncludeFailedBatchedCommand = true;
        builder.Options = string.IsNullOrEmpty(builder.Options) ? ServerOptions : $"{ServerOptions} {builder.Options}";
        return builder.ConnectionString;
    }
}
