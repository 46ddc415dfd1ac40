using System.Runtime.CompilerServices;
using Npgsql;

namespace Orchestrator.PostgreSql.Connections;

/// <summary>
/// The pools that connections for batches, pages and appends come from: two whose sessions are set up when they begin, one for what handlers run and one for statements of our own alone; and one for a proxy,
/// where nothing can be set up. A data source of the application's stands for all.
/// </summary>
internal sealed class WorkPool : IAsyncDisposable, IDisposable
{
    // By the dictionary of server parameters, of which every physical connection has one of its own: process ids come again when a server restarts.
    private readonly ConditionalWeakTable<object, StrongBox<long>> _openedAt = [];
    private readonly TimeProvider _time;
    private readonly List<NpgsqlDataSource> _owned = [];

    /// <summary>Makes pools of our own.</summary>
    public WorkPool(string connectionString, TimeProvider time)
    {
        _time = time;
        Direct = Own(ConnectionStrings.ForOwnStatements(connectionString));
        Batches = Own(ConnectionStrings.ForBatches(connectionString));
        Proxied = Own(ConnectionStrings.WithoutSessionState(connectionString));
    }

    /// <summary>Takes the application's, which is never disposed here.</summary>
    public WorkPool(NpgsqlDataSource applications, TimeProvider time)
    {
        _time = time;
        Direct = Batches = Proxied = Checked(applications);
    }

    /// <summary>Where each connection is a session of the server, and nothing is run but our own.</summary>
    public NpgsqlDataSource Direct { get; }

    /// <summary>The same, where handlers run what they like: Npgsql resets a session before it is used again.</summary>
    public NpgsqlDataSource Batches { get; }

    /// <summary>Where each transaction may get another session of the server.</summary>
    public NpgsqlDataSource Proxied { get; }

    /// <summary>
    /// When the physical connection under a pooled one was opened, as the TimeProvider's timestamp. In the application's pool nobody says, so it is when it was first seen: later, which is safe, because
    /// pages from before are then read again.
    /// </summary>
    public long OpenedAt(NpgsqlConnection connection) => _openedAt.GetValue(connection.PostgresParameters, _ => new StrongBox<long>(_time.GetTimestamp())).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (NpgsqlDataSource source in _owned)
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => _owned.ForEach(static source => source.Dispose());

    private NpgsqlDataSource Own(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
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
}
