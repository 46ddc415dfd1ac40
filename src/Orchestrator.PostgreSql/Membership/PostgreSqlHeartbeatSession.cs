using System.Diagnostics.CodeAnalysis;
using Npgsql;
using Orchestrator.Hosting.Membership;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Membership;

/// <summary>The heartbeat on a session of its own. Everything runs on the calling thread, so that a starved thread pool does not look like death.</summary>
[SuppressMessage("Performance", "CA1849:Call async methods when in an async method", Justification = "Synchronous on purpose: the heartbeat must not depend on the thread pool.")]
internal sealed class PostgreSqlHeartbeatSession : IHeartbeatSession
{
    // One row by its key: longer than this and the session is of no use.
    private const int CommandTimeoutSeconds = 5;

    private readonly KeptSession _kept;
    private readonly NpgsqlCommand _beat;

    private PostgreSqlHeartbeatSession(KeptSession kept, NpgsqlCommand beat)
    {
        _kept = kept;
        _beat = beat;
    }

    /// <summary>Makes a heartbeat session of a kept one; it owns that from here on.</summary>
    public static PostgreSqlHeartbeatSession Start(KeptSession kept, SqlCatalog sql, Guid workerId)
    {
        try
        {
            NpgsqlCommand beat = kept.Connection.Command(sql["beat"], workerId);
            beat.CommandTimeout = CommandTimeoutSeconds;
            if (!kept.IsShared)
            {
                SetUp(kept, sql, beat);
            }

            return new PostgreSqlHeartbeatSession(kept, beat);
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    public ValueTask<bool> BeatAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using CancellationTokenRegistration registration = cancellationToken.Register(static command => ((NpgsqlCommand)command!).Cancel(), _beat);
        try
        {
            return ValueTask.FromResult(_beat.ExecuteScalar() is not null);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The heartbeat was cancelled.", e, cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        _beat.Dispose();
        _kept.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void SetUp(KeptSession kept, SqlCatalog sql, NpgsqlCommand beat)
    {
        using NpgsqlCommand relax = kept.Connection.Command(sql["beat_session"]);
        relax.CommandTimeout = CommandTimeoutSeconds;
        relax.ExecuteNonQuery();
        beat.Prepare();
    }
}
