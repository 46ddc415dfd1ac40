using System.Globalization;
using Npgsql;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Connections;

/// <summary>
/// Has the server keep the plans of statements that come again and again. Only where a pooled connection is a session of the server: behind a proxy that shares sessions, a name given to one statement may
/// mean another client's. Npgsql keeps what is prepared with the physical connection, so the first time on each costs a round trip, and every other one nothing.
/// </summary>
internal sealed class PreparedStatements(ProxyFindings proxies)
{
    private volatile Way _way;

    private enum Way
    {
        Unknown,
        Direct,
        Indirect,
    }

    /// <summary>Prepares what can be prepared. The batch's connection is one of <see cref="PostgreSqlConnections.Work"/>.</summary>
    public async ValueTask PrepareAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        if (!proxies.WorkIsIndirect && (proxies.SessionsAreKept || await IsDirectAsync(batch.Connection!, cancellationToken).ConfigureAwait(false)))
        {
            await batch.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Prepares and runs a statement that is a transaction of its own. Where the server refuses nothing but the preparation, it is made, prepared and run again.</summary>
    public async Task<T> RunAsync<T>(NpgsqlConnection connection, Func<NpgsqlBatchCommand> create, Func<NpgsqlBatch, Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await RunOnceAsync(connection, create, run, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (IsStale(exception))
        {
            // Waits on this thread, since Npgsql offers nothing else; it is short, and rare.
            connection.UnprepareAll();
            return await RunOnceAsync(connection, create, run, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<T> RunOnceAsync<T>(NpgsqlConnection connection, Func<NpgsqlBatchCommand> create, Func<NpgsqlBatch, Task<T>> run, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch(connection) { BatchCommands = { create() } };
        await using (batch.ConfigureAwait(false))
        {
            await PrepareAsync(batch, cancellationToken).ConfigureAwait(false);
            return await run(batch).ConfigureAwait(false);
        }
    }

    // Somebody changed a column's type, so that the plan's result is another, or threw the session's plans away. The statement has not run.
    private static bool IsStale(PostgresException exception) =>
        exception is { SqlState: PostgresErrorCodes.FeatureNotSupported, Routine: "RevalidateCachedQuery" } or { SqlState: PostgresErrorCodes.InvalidSqlStatementName };

    // An application that only appends has checked nothing beforehand. Where nothing stands in between, the number that came with the connection is the session's own; a proxy that shares sessions has to
    // make one up. One answer is good for all: they go the same way.
    private async ValueTask<bool> IsDirectAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_way == Way.Unknown)
        {
            await using var ask = new NpgsqlCommand(SqlCatalog.ReadResource("Sql.session_process_id.sql"), connection);
            int processId = Convert.ToInt32(await ask.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
            _way = processId == connection.ProcessID ? Way.Direct : Way.Indirect;
        }

        return _way == Way.Direct;
    }
}
