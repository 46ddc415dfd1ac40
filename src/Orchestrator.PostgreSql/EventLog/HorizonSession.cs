using System.Data;
using Npgsql;
using NpgsqlTypes;
using Orchestrator.Hosting.Doctor;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>
/// A session that observes the log. What it learns is worth nothing once it is lost. Not safe for concurrent use. Behind a proxy that pools transactions each look is a transaction, which is one session of the
/// server from its first statement to its last; <see cref="ServerContinuity"/> says when the looks together are not as good as those of one session.
/// </summary>
internal sealed class HorizonSession : IAsyncDisposable
{
    /// <summary>
    /// The statements of an observation. Their order is what makes it safe: a position drawn after the last value was read lies beyond it, a holder that is gone when the list is made
    /// has nothing left to appear, and what has appeared is seen by a statement that starts later. In READ COMMITTED each statement sees what was committed before it began
    /// (https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED), also within one batch.
    /// </summary>
    internal static readonly string[] ObservationInOrder = ["horizon_last_value", "horizon_lock_holders", "horizon_contiguous"];

    // How far to look for the first gap: a long open append must not make every observation read a million positions.
    private const int GapWindow = 10_000;

    private readonly KeptSession _session;
    private readonly SqlCatalog _sql;
    private readonly ServerContinuity? _continuity;
    private readonly NpgsqlBatch _observation;
    private readonly NpgsqlCommand _lastValue;
    private readonly NpgsqlParameter<long> _above = new() { NpgsqlDbType = NpgsqlDbType.Bigint };

    private HorizonSession(KeptSession session, SqlCatalog sql, ServerContinuity? continuity, string sequenceName, long greatestCheckpoint)
    {
        _session = session;
        _sql = sql;
        _continuity = continuity;
        GreatestCheckpoint = greatestCheckpoint;
        _observation = new NpgsqlBatch(session.Connection);
        _lastValue = new NpgsqlCommand(StatementOf("horizon_last_value", sql, sequenceName), session.Connection);
        if (continuity is not null)
        {
            _observation.BatchCommands.Add(new NpgsqlBatchCommand(sql["horizon_look"]));
        }

        foreach (string name in ObservationInOrder)
        {
            _observation.BatchCommands.Add(new NpgsqlBatchCommand(StatementOf(name, sql, sequenceName)));
        }

        _observation.BatchCommands[^1].Parameters.Add(_above);
        _observation.BatchCommands[^1].Parameters.Add(new NpgsqlParameter<int> { TypedValue = GapWindow });
    }

    /// <summary>The greatest checkpoint of any projection on this log when the session began: everything up to it is settled.</summary>
    public long GreatestCheckpoint { get; }

    /// <summary>Opens a session.</summary>
    /// <param name="source">What it is opened with.</param>
    /// <param name="beganAt">The timestamp from before this call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UnsafeEventLogException">The log cannot be read safely here.</exception>
    /// <exception cref="EventLogRewoundException">A checkpoint is ahead of the log.</exception>
    public static async Task<HorizonSession> OpenAsync(HorizonSource source, long beganAt, CancellationToken cancellationToken)
    {
        KeptSession kept = await source.Connections.OpenSessionAsync("orchestrator horizon", cancellationToken).ConfigureAwait(false);
        SqlCatalog sql = kept.IsShared ? source.Sql.Proxied : source.Sql;
        try
        {
            await EventLogCheck.CheckAsync(kept.Connection, sql, cancellationToken).ConfigureAwait(false);
            FurthestCheckpoint checkpoint = await CheckpointCheck.CheckAsync(kept.Connection, sql, source.History, cancellationToken).ConfigureAwait(false);
            string sequenceName = await StartAsync(kept.Connection, sql, cancellationToken).ConfigureAwait(false);
            if (kept.IsShared)
            {
                return new HorizonSession(kept, sql, new ServerContinuity(source.Connections, beganAt), sequenceName, checkpoint.Position);
            }

            var session = new HorizonSession(kept, sql, continuity: null, sequenceName, checkpoint.Position);
            await session._observation.PrepareAsync(cancellationToken).ConfigureAwait(false);
            await session._lastValue.PrepareAsync(cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await kept.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks whether the log can still be read safely: anyone who owns the table may have changed it since the session began.</summary>
    /// <exception cref="UnsafeEventLogException">It cannot.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) => EventLogCheck.CheckAsync(_session.Connection, _sql, cancellationToken);

    /// <summary>One look at the log, in one round trip.</summary>
    /// <param name="horizon">The horizon known so far.</param>
    /// <param name="readAt">The timestamp from before this call.</param>
    /// <param name="cancellationToken">Gives up; the session is then worth nothing.</param>
    /// <returns>What was found, or null: the session is worth nothing, because the server may have crashed since the look before.</returns>
    public async Task<HorizonObservation?> ObserveAsync(long horizon, long readAt, CancellationToken cancellationToken)
    {
        _above.TypedValue = horizon;
        if (_continuity is null)
        {
            await using NpgsqlDataReader reader = await _observation.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            return await ReadAsync(reader, readAt, cancellationToken).ConfigureAwait(false);
        }

        // Explicit, because a role's default may be another isolation level, in which all statements would share a snapshot.
        await using NpgsqlTransaction look = await _session.Connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        HorizonObservation? observation = await LookAsync(_continuity, readAt, cancellationToken).ConfigureAwait(false);
        await look.CommitAsync(cancellationToken).ConfigureAwait(false);
        return observation;
    }

    /// <summary>
    /// Whether nobody has drawn a position since the last value was this one. Where the horizon had reached it, the horizon is then as new as this question, which costs one statement instead of three. Behind a
    /// proxy nobody can tell: another of the server's sessions may answer.
    /// </summary>
    public async ValueTask<bool> StillEndsAtAsync(long lastValue, CancellationToken cancellationToken) =>
        _continuity is null && (long)(await _lastValue.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))! == lastValue;

    /// <summary>Who holds the horizon back now, the oldest first.</summary>
    public async Task<IReadOnlyList<HorizonHolder>> ReadHoldersAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_sql["horizon_holders"], _session.Connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await HorizonHolders.ReadAsync(reader, showStatements: true, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _observation.DisposeAsync().ConfigureAwait(false);
        await _lastValue.DisposeAsync().ConfigureAwait(false);
        await _session.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A statement of an observation, with the name of the log's own sequence.</summary>
    internal static string StatementOf(string name, SqlCatalog sql, string sequenceName) =>
        sql[name].Replace(sql.Resolve("events_global_position_seq"), sequenceName, StringComparison.Ordinal);

    private async Task<HorizonObservation?> LookAsync(ServerContinuity continuity, long readAt, CancellationToken cancellationToken)
    {
        await using NpgsqlDataReader reader = await _observation.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        bool holds = continuity.Holds(reader.GetInt32(0), reader.GetDateTime(1), readAt);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        HorizonObservation observation = await ReadAsync(reader, readAt, cancellationToken).ConfigureAwait(false);
        return holds ? observation : null;
    }

    private static async Task<HorizonObservation> ReadAsync(NpgsqlDataReader reader, long readAt, CancellationToken cancellationToken)
    {
        long lastValue = await ReadLongAsync(reader, cancellationToken).ConfigureAwait(false);

        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        var holders = new List<string>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            holders.Add(reader.GetString(0));
        }

        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        long contiguousTo = await ReadLongAsync(reader, cancellationToken).ConfigureAwait(false);
        return new HorizonObservation(lastValue, holders, contiguousTo, readAt);
    }

    private static async Task<string> StartAsync(NpgsqlConnection connection, SqlCatalog sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql["horizon_start"], connection);
        return (string)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static async Task<long> ReadLongAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return reader.GetInt64(0);
    }
}
