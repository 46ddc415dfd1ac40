using System.Data;
using System.Data.Common;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Connections;

namespace Orchestrator.PostgreSql.EventStore;

/// <summary>Runs an append's statement in one round trip: in a transaction of its own, or in the caller's, which an error leaves usable.</summary>
internal sealed class AppendExecutor
{
    private const string SavepointName = "orchestrator_append";

    private readonly PostgreSqlConnections _connections;

    public AppendExecutor(PostgreSqlConnections connections) => _connections = connections;

    /// <summary>The caller's connection after a check, or one from the pool that <paramref name="use"/> alone has.</summary>
    public async Task<T> OnConnectionAsync<T>(DbTransaction? transaction, Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        if (transaction is not null)
        {
            return await use(CallerTransaction.ConnectionOf(transaction, _connections.Databases)).ConfigureAwait(false);
        }

        NpgsqlConnection connection = await _connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await use(connection).ConfigureAwait(false);
        }
    }

    /// <summary>Runs an append's statement.</summary>
    public Task<AppendAnswer> RunAsync(AppendRequest request, NpgsqlConnection connection, bool isOwn, CancellationToken cancellationToken) =>
        isOwn ? RunAloneAsync(request, connection, cancellationToken) : RunInSavepointAsync(request, connection, cancellationToken);

    /// <summary>Runs a statement that reads.</summary>
    public async Task<T> ReadAsync<T>(
        Func<NpgsqlBatchCommand> create, NpgsqlConnection connection, bool isOwn, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        if (isOwn)
        {
            return await _connections.Prepared.RunAsync(connection, create, RunAsync, cancellationToken).ConfigureAwait(false);
        }

        var batch = new NpgsqlBatch(connection) { BatchCommands = { create() } };
        await using (batch.ConfigureAwait(false))
        {
            return await RunAsync(batch).ConfigureAwait(false);
        }

        async Task<T> RunAsync(NpgsqlBatch ready)
        {
            NpgsqlDataReader reader = await ready.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return await read(reader).ConfigureAwait(false);
            }
        }
    }

    // A batch without BEGIN is a transaction of its own, which ends with the batch
    // (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING).
    private async Task<AppendAnswer> RunAloneAsync(AppendRequest request, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return request.IsPrepared
                ? await _connections.Prepared.RunAsync(connection, request.Create, batch => ReadAsync(batch, request.EventCount, cancellationToken), cancellationToken).ConfigureAwait(false)
                : await RunUnpreparedAsync(request, connection, cancellationToken).ConfigureAwait(false);
        }
        // An error that the server reports means that it rolled back, and a cancelled statement (57014) is such an error. Anything else that costs
        // us the session may have come between its commit and the news of it.
        catch (Exception e) when (connection.State != ConnectionState.Open || EndsSession(SqlStateOf(e)))
        {
            throw new AppendOutcomeUnknownException(e);
        }
    }

    private static async Task<AppendAnswer> RunUnpreparedAsync(AppendRequest request, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch(connection) { BatchCommands = { request.Create() } };
        await using (batch.ConfigureAwait(false))
        {
            return await ReadAsync(batch, request.EventCount, cancellationToken).ConfigureAwait(false);
        }
    }

    // Not prepared: the session is the caller's, and so is the choice (Max Auto Prepare).
    private static async Task<AppendAnswer> RunInSavepointAsync(AppendRequest request, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand($"SAVEPOINT {SavepointName}"), request.Create(), new NpgsqlBatchCommand($"RELEASE SAVEPOINT {SavepointName}") },
        };
        await using (batch.ConfigureAwait(false))
        {
            try
            {
                return await ReadAsync(batch, request.EventCount, cancellationToken).ConfigureAwait(false);
            }
            // A session that has ended with the error has no transaction left to save.
            catch (Exception e) when (IsServerError(e) && !HadFailedBefore(e) && connection.State == ConnectionState.Open && !EndsSession(SqlStateOf(e)))
            {
                await RollBackToSavepointAsync(connection).ConfigureAwait(false);
                throw;
            }
        }
    }

    private static async Task<AppendAnswer> ReadAsync(NpgsqlBatch batch, int eventCount, CancellationToken cancellationToken)
    {
        var appended = new List<AppendedEvent>(eventCount);
        AppendRefusal? refusal = null;
        NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (reader.FieldCount > 2 && reader.IsDBNull(1))
                {
                    refusal = new AppendRefusal(new StreamVersion(reader.GetInt64(0), reader.GetInt64(2)), reader.IsDBNull(3) ? null : reader.GetGuid(3));
                }
                else
                {
                    appended.Add(new AppendedEvent(reader.GetInt64(0), reader.GetInt64(1)));
                }
            }

            // The commit's own outcome comes after the last row.
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }

        return new AppendAnswer(appended, refusal);
    }

    // Without the caller's token: it may be what brought us here, and the transaction must not stay failed.
    private static async Task RollBackToSavepointAsync(NpgsqlConnection connection)
    {
        var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand($"ROLLBACK TO SAVEPOINT {SavepointName}"), new NpgsqlBatchCommand($"RELEASE SAVEPOINT {SavepointName}") },
        };
        await using (batch.ConfigureAwait(false))
        {
            await batch.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static bool IsServerError(Exception e) => SqlStateOf(e) is not null;

    private static bool EndsSession(string? sqlState) =>
        sqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown || sqlState?.StartsWith("08", StringComparison.Ordinal) == true;

    private static bool HadFailedBefore(Exception e) => SqlStateOf(e) == PostgresErrorCodes.InFailedSqlTransaction;

    private static string? SqlStateOf(Exception e) => (e as PostgresException ?? e.InnerException as PostgresException)?.SqlState;
}
