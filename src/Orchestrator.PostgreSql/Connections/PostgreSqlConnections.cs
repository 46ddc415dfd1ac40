using Npgsql;
using Orchestrator.PostgreSql.Configuration;

namespace Orchestrator.PostgreSql.Connections;

/// <summary>
/// Opens every connection of the orchestrator: pooled ones for batches and reads, and sessions of their own for what must not wait for a pool. By a connection string everything is ours. With the
/// application's data source, whose password nobody is told, sessions are borrowed from its pool and kept; the data source is never disposed here.
/// </summary>
internal sealed class PostgreSqlConnections : IAsyncDisposable, IDisposable
{
    private readonly WorkPool _work;
    private readonly string? _coordination;
    private readonly ServerSessions _serverSessions;

    /// <summary>Opens connections by the options' connection string.</summary>
    public PostgreSqlConnections(PostgreSqlOptions options, TimeProvider time)
        : this(options, applications: null, time)
    {
    }

    /// <summary>Opens connections by the options' connection string, or from the application's data source where there is none.</summary>
    public PostgreSqlConnections(PostgreSqlOptions options, NpgsqlDataSource? applications, TimeProvider time)
    {
        _serverSessions = new ServerSessions(time);
        string? coordination = options.CoordinationConnectionString;
        WorkSource = options.ConnectionString is { Length: > 0 } ? Key(nameof(options.ConnectionString)) : "the NpgsqlDataSource among the services";
        SessionSource = coordination is null ? WorkSource : Key(nameof(options.CoordinationConnectionString));
        if (options.ConnectionString is { Length: > 0 } main)
        {
            _work = new WorkPool(main, time);
            coordination ??= main;
        }
        else
        {
            _work = new WorkPool(applications ?? throw new InvalidOperationException("The options have not been validated: there is neither a connection string nor a data source."), time);
        }

        _coordination = coordination;
        Proxies = new ProxyFindings(hasOwnCoordination: options.CoordinationConnectionString is { } own && own != options.ConnectionString, borrows: coordination is null);
        Prepared = new PreparedStatements(Proxies);
        Databases = new[] { Work.ConnectionString, coordination }.OfType<string>().Select(ConnectionStrings.DatabaseOf).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What is known of proxies on the way.</summary>
    public ProxyFindings Proxies { get; }

    /// <summary>Decides what is prepared on connections of <see cref="Work"/>.</summary>
    public PreparedStatements Prepared { get; }

    /// <summary>Pooled connections for statements of our own: pages, appends, checks. Where they may lead through a proxy (<see cref="ProxyFindings.WorkIsIndirect"/>), nothing is prepared or set in them for longer than a transaction.</summary>
    public NpgsqlDataSource Work => Proxies.WorkIsIndirect ? _work.Proxied : _work.Direct;

    /// <summary>The same for the transactions that handlers have a hand in.</summary>
    public NpgsqlDataSource Batches => Proxies.WorkIsIndirect ? _work.Proxied : _work.Batches;

    /// <summary>Where the way to <see cref="Work"/> is set, in words.</summary>
    public string WorkSource { get; }

    /// <summary>Where the way of the kept sessions is set, in words.</summary>
    public string SessionSource { get; }

    /// <summary>The names that the database is reached by.</summary>
    public IReadOnlySet<string> Databases { get; }

    /// <summary>When the physical connection under a pooled one was opened, as the TimeProvider's timestamp, or later.</summary>
    public long OpenedAt(NpgsqlConnection connection) => _work.OpenedAt(connection);

    /// <summary>The same for the server's session that a transaction has behind a proxy: when this process first met it.</summary>
    public long OpenedAt(int serverProcessId, DateTime startedAt) => _serverSessions.MetAt(serverProcessId, startedAt);

    /// <summary>Opens a pooled connection.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        bool hadSettings = !Proxies.WorkIsIndirect;
        try
        {
            return await Work.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (hadSettings && DatabaseUnavailableException.IsRefusalOfSettings(exception))
        {
            Proxies.RefusesSettings();
            return await Work.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Opens a pooled connection as one does at first: whoever cannot says to where, as whom, and what to look at.</summary>
    /// <exception cref="NpgsqlException">There is no connection.</exception>
    public async Task<NpgsqlConnection> OpenFirstAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (DatabaseUnavailableException.IsMeantFor(exception))
        {
            throw DatabaseUnavailableException.Of(WorkSource, Work.ConnectionString, exception);
        }
    }

    /// <summary>The same for what should be a session that is kept, of which nothing is expected yet.</summary>
    /// <exception cref="NpgsqlException">There is no connection.</exception>
    public async Task<NpgsqlConnection> OpenProbeAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = CreatePlain();
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw DatabaseUnavailableException.IsMeantFor(exception) ? DatabaseUnavailableException.Of(SessionSource, _coordination ?? Work.ConnectionString, exception) : exception;
        }
    }

    /// <summary>Opens a session that is kept. The caller disposes it.</summary>
    public async Task<KeptSession> OpenSessionAsync(string applicationName, CancellationToken cancellationToken)
    {
        bool hadSettings = HaveSettings;
        try
        {
            return await OpenOnceAsync(applicationName, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (hadSettings && DatabaseUnavailableException.IsRefusalOfSettings(exception))
        {
            Proxies.RefusesSettings();
            return await OpenOnceAsync(applicationName, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The same on the calling thread: for the heartbeat, which must not depend on the thread pool. The worker has registered by then, so the way is known.</summary>
    public KeptSession OpenSession(string applicationName)
    {
        NpgsqlConnection connection = CreateSession(applicationName);
        try
        {
            connection.Open();
            return Proxies.ArePlain ? KeptSession.Shared(connection)
                : Proxies.AreBorrowed ? KeptSession.Borrow(connection, Cut(applicationName))
                : KeptSession.Own(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _work.DisposeAsync();

    public void Dispose() => _work.Dispose();

    private bool HaveSettings => !Proxies.ArePlain && !Proxies.AreBorrowed;

    private async Task<KeptSession> OpenOnceAsync(string applicationName, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = CreateSession(applicationName);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return Proxies.ArePlain ? KeptSession.Shared(connection)
                : Proxies.AreBorrowed ? await KeptSession.BorrowAsync(connection, Cut(applicationName), cancellationToken).ConfigureAwait(false)
                : KeptSession.Own(connection);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private NpgsqlConnection CreateSession(string applicationName) =>
        HaveSettings ? new NpgsqlConnection(ConnectionStrings.SessionsOf(_coordination!, Cut(applicationName))) : CreatePlain();

    private NpgsqlConnection CreatePlain() => _coordination is null ? Work.CreateConnection() : new NpgsqlConnection(ConnectionStrings.PlainSessionsOf(_coordination));

    private static string Key(string option) => $"{PostgreSqlSection.Path}:{option}";

    // PostgreSQL cuts an application name at 63 bytes.
    private static string Cut(string applicationName) => applicationName.Length <= 63 ? applicationName : applicationName[..63];
}
