using System.Runtime.CompilerServices;
using Npgsql;
using Orchestrator.PostgreSql.Configuration;

namespace Orchestrator.PostgreSql.Connections;

/// <summary>
/// Opens every connection of the orchestrator: pooled ones for batches and reads, and sessions of their own for what must not wait for a pool. By a connection string everything is ours. With the
/// application's data source, whose password nobody is told, sessions are borrowed from its pool and kept; the data source is never disposed here.
/// </summary>
internal sealed class PostgreSqlConnections : IAsyncDisposable, IDisposable
{
    // By the dictionary of server parameters, of which every physical connection has one of its own: process ids come again when a server restarts.
    private readonly ConditionalWeakTable<object, StrongBox<long>> _openedAt = [];
    private readonly TimeProvider _time;
    private readonly List<NpgsqlDataSource> _owned = [];
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
        _time = time;
        _serverSessions = new ServerSessions(time);
        string? coordination = options.CoordinationConnectionString;
        WorkIsIndirect = coordination is not null && coordination != options.ConnectionString;
        WorkSource = options.ConnectionString is { Length: > 0 } ? Key(nameof(options.ConnectionString)) : "the NpgsqlDataSource among the services";
        SessionSource = coordination is null ? WorkSource : Key(nameof(options.CoordinationConnectionString));
        if (options.ConnectionString is { Length: > 0 } main)
        {
            Work = OwnDataSource(main);
            coordination ??= main;
        }
        else
        {
            Work = Checked(applications ?? throw new InvalidOperationException("The options have not been validated: there is neither a connection string nor a data source."));
        }

        _coordination = coordination is null ? null : ConnectionStrings.SessionsOf(coordination);
        Databases = new[] { Work.ConnectionString, coordination }.OfType<string>().Select(ConnectionStrings.DatabaseOf).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Pooled connections for batches, pages and appends.</summary>
    public NpgsqlDataSource Work { get; }

    /// <summary>
    /// Whether pooled connections may lead through a proxy that gives each transaction another session of the server: where kept sessions have a connection string of their own. Then nothing is prepared or
    /// set for longer than a transaction.
    /// </summary>
    public bool WorkIsIndirect { get; }

    /// <summary>Where the way to <see cref="Work"/> is set, in words.</summary>
    public string WorkSource { get; }

    /// <summary>Where the way of the kept sessions is set, in words.</summary>
    public string SessionSource { get; }

    /// <summary>The names that the database is reached by.</summary>
    public IReadOnlySet<string> Databases { get; }

    /// <summary>
    /// When the physical connection under a pooled one was opened, as the TimeProvider's timestamp. In the application's pool nobody says, so it is when it was first seen: later, which is safe, because
    /// pages from before are then read again.
    /// </summary>
    public long OpenedAt(NpgsqlConnection connection) => _openedAt.GetValue(connection.PostgresParameters, _ => new StrongBox<long>(_time.GetTimestamp())).Value;

    /// <summary>The same for the server's session that a transaction has behind a proxy: when this process first met it.</summary>
    public long OpenedAt(int serverProcessId, DateTime startedAt) => _serverSessions.MetAt(serverProcessId, startedAt);

    /// <summary>Opens a pooled connection as one does at first: whoever cannot says to where, as whom, and what to look at.</summary>
    /// <exception cref="NpgsqlException">There is no connection.</exception>
    public async Task<NpgsqlConnection> OpenFirstAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Work.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (DatabaseUnavailableException.IsMeantFor(exception))
        {
            throw DatabaseUnavailableException.Of(WorkSource, Work.ConnectionString, exception);
        }
    }

    /// <summary>The same for a session that is kept.</summary>
    /// <exception cref="NpgsqlException">There is no connection.</exception>
    public async Task<KeptSession> OpenFirstSessionAsync(string applicationName, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenSessionAsync(applicationName, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (DatabaseUnavailableException.IsMeantFor(exception))
        {
            throw DatabaseUnavailableException.Of(SessionSource, _coordination ?? Work.ConnectionString, exception);
        }
    }

    /// <summary>Opens a session that is kept. The caller disposes it.</summary>
    public async Task<KeptSession> OpenSessionAsync(string applicationName, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = CreateSession(applicationName);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return _coordination is null
                ? await KeptSession.BorrowAsync(connection, Cut(applicationName), cancellationToken).ConfigureAwait(false)
                : KeptSession.Own(connection);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The same on the calling thread: for the heartbeat, which must not depend on the thread pool.</summary>
    public KeptSession OpenSession(string applicationName)
    {
        NpgsqlConnection connection = CreateSession(applicationName);
        try
        {
            connection.Open();
            return _coordination is null ? KeptSession.Borrow(connection, Cut(applicationName)) : KeptSession.Own(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (NpgsqlDataSource source in _owned)
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => _owned.ForEach(static source => source.Dispose());

    private NpgsqlConnection CreateSession(string applicationName) => _coordination is null
        ? Work.CreateConnection()
        : new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_coordination) { ApplicationName = Cut(applicationName) }.ConnectionString);

    private NpgsqlDataSource OwnDataSource(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(WorkIsIndirect ? ConnectionStrings.WithoutSessionState(connectionString) : ConnectionStrings.WithServerOptions(connectionString));
        builder.UsePhysicalConnectionInitializer(Remember, connection => { Remember(connection); return Task.CompletedTask; });
        if (!ConnectionStrings.HasManyHosts(builder.ConnectionStringBuilder))
        {
            return Own(builder.Build());
        }

        builder.ConnectionStringBuilder.TargetSessionAttributes = null;
        NpgsqlMultiHostDataSource hosts = builder.BuildMultiHost();
        NpgsqlDataSource primary = Own(hosts.WithTargetSession(TargetSessionAttributes.Primary));
        _owned.Add(hosts);
        return primary;
    }

    private NpgsqlDataSource Own(NpgsqlDataSource source)
    {
        _owned.Add(source);
        return source;
    }

    private void Remember(NpgsqlConnection connection) => _openedAt.AddOrUpdate(connection.PostgresParameters, new StrongBox<long>(_time.GetTimestamp()));

    // Multiplexed connections are shared statement by statement: no LISTEN, no session locks.
    private static NpgsqlDataSource Checked(NpgsqlDataSource source) => source switch
    {
        NpgsqlMultiHostDataSource hosts => hosts.WithTargetSession(TargetSessionAttributes.Primary),
        _ when new NpgsqlConnectionStringBuilder(source.ConnectionString).Multiplexing => throw new InvalidOperationException(
            "The NpgsqlDataSource in the services is multiplexing, which leaves no session to lock and listen in. Build it without Multiplexing, or give UsePostgreSql(...) a connection string."),
        _ => source,
    };

    private static string Key(string option) => $"{PostgreSqlSection.Path}:{option}";

    // PostgreSQL cuts an application name at 63 bytes.
    private static string Cut(string applicationName) => applicationName.Length <= 63 ? applicationName : applicationName[..63];
}
