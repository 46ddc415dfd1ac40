using System.Data;
using Npgsql;
using NpgsqlTypes;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Connections;

/// <summary>
/// A session that is kept open: control, heartbeat, horizon, listener, notifier. One of our own is unpooled, and closing it ends it. One that was borrowed, from the application's pool or a proxy's, goes back as
/// it came: without our settings, our locks and what we listened to. Npgsql would reset it only when it is used next, or never (<c>No Reset On Close</c>), and until then a dead worker's lock would look alive.
/// A shared one is a connection to a proxy that gives each transaction another session of the server, or may: nothing can be locked, listened to, set or prepared for longer.
/// </summary>
internal sealed class KeptSession : IAsyncDisposable, IDisposable
{
    private const int CommandTimeoutSeconds = 5;

    private readonly NpgsqlConnection _connection;
    private readonly (string[] Names, string[] Values)? _before;

    private KeptSession(NpgsqlConnection connection, (string[] Names, string[] Values)? before, bool isShared = false)
    {
        _connection = connection;
        IsShared = isShared;
        _before = before;
    }

    /// <summary>The session's connection. Never closed but by disposing this.</summary>
    /// <exception cref="NpgsqlException">The session was lost, as an earlier statement has found out. Npgsql would say that the connection is not open, as if that were the caller's mistake.</exception>
    public NpgsqlConnection Connection => _connection.State == ConnectionState.Open ? _connection : throw new NpgsqlException("The session was lost.");

    /// <summary>Whether each transaction may have another session of the server: nothing is kept but the connection.</summary>
    public bool IsShared { get; }

    /// <summary>Keeps an open connection whose sessions of the server are not ours alone.</summary>
    public static KeptSession Shared(NpgsqlConnection connection) => new(connection, before: null, isShared: true);

    /// <summary>Keeps an open, unpooled connection.</summary>
    public static KeptSession Own(NpgsqlConnection connection) => new(connection, before: null);

    /// <summary>Makes an open connection a session of ours for a while.</summary>
    public static async Task<KeptSession> BorrowAsync(NpgsqlConnection connection, string applicationName, CancellationToken cancellationToken)
    {
        List<(string Name, string Value)> before = [];
        await using (NpgsqlCommand read = Command(connection, "session_read_settings", SessionSettings.Touched))
        await using (NpgsqlDataReader reader = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                before.Add((reader.GetString(0), reader.GetString(1)));
            }
        }

        await using NpgsqlCommand write = Write(connection, Ours(applicationName));
        await write.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        return new KeptSession(connection, Columns(before));
    }

    /// <summary>The same on the calling thread.</summary>
    public static KeptSession Borrow(NpgsqlConnection connection, string applicationName)
    {
        List<(string Name, string Value)> before = [];
        using (NpgsqlCommand read = Command(connection, "session_read_settings", SessionSettings.Touched))
        using (NpgsqlDataReader reader = read.ExecuteReader())
        {
            while (reader.Read())
            {
                before.Add((reader.GetString(0), reader.GetString(1)));
            }
        }

        using NpgsqlCommand write = Write(connection, Ours(applicationName));
        write.ExecuteNonQuery();
        return new KeptSession(connection, Columns(before));
    }

    public async ValueTask DisposeAsync()
    {
        if (_before is { } before && _connection.FullState == ConnectionState.Open)
        {
            await using NpgsqlBatch clean = Clean(before);
            try
            {
                await clean.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (NpgsqlException)
            {
                GiveUp();
            }
        }

        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        if (_before is { } before && _connection.FullState == ConnectionState.Open)
        {
            using NpgsqlBatch clean = Clean(before);
            try
            {
                clean.ExecuteNonQuery();
            }
            catch (NpgsqlException)
            {
                GiveUp();
            }
        }

        _connection.Dispose();
    }

    // It could not be cleaned, so nobody may get it: idle connections of the pool are closed, this one and those in use when they are given back.
    private void GiveUp() => NpgsqlConnection.ClearPool(_connection);

    private NpgsqlBatch Clean((string[] Names, string[] Values) before) => new NpgsqlBatch(_connection) { Timeout = CommandTimeoutSeconds }
        .With(Statement("leave_locks"))
        .With(Statement("session_unlisten"))
        .With(Statement("session_write_settings"), before.Names, before.Values);

    private static (string[] Names, string[] Values) Ours(string applicationName) =>
        Columns([.. SessionSettings.All, ("application_name", applicationName)]);

    private static (string[] Names, string[] Values) Columns(IReadOnlyCollection<(string Name, string Value)> settings) =>
        ([.. settings.Select(setting => setting.Name)], [.. settings.Select(setting => setting.Value)]);

    private static NpgsqlCommand Write(NpgsqlConnection connection, (string[] Names, string[] Values) settings) =>
        Command(connection, "session_write_settings", settings.Names, settings.Values);

    private static NpgsqlCommand Command(NpgsqlConnection connection, string statement, params ReadOnlySpan<string[]> values)
    {
        var command = new NpgsqlCommand(Statement(statement), connection) { CommandTimeout = CommandTimeoutSeconds };
        foreach (string[] value in values)
        {
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        }

        return command;
    }

    // These name none of our tables: they need no catalog.
    private static string Statement(string name) => SqlCatalog.ReadResource($"Sql.{name}.sql");
}
