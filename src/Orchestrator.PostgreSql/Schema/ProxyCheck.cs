using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Diagnostics;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>Whether the sessions that a worker keeps are sessions of the server, and of the server that batches run on. Asked before a worker registers.</summary>
internal sealed class ProxyCheck(PostgreSqlConnections connections, SqlCatalog sql, ILogger logger)
{
    // A proxy may happen to give the same session twice: each round is another chance to see that it shares them.
    private const int Rounds = 5;

    /// <summary>Asks. Where sessions are shared, it says so once, and they are not relied on from then on.</summary>
    /// <param name="work">A connection for batches.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StatementPoolingException">A proxy lets no transaction through.</exception>
    /// <exception cref="SchemaException">Batches and sessions are on different databases.</exception>
    public async Task CheckAsync(NpgsqlConnection work, CancellationToken cancellationToken)
    {
        ServerAnswer kept = await AskSessionsAsync(cancellationToken).ConfigureAwait(false);
        ServerAnswer batches = await AskInTransactionAsync(work, connections.WorkSource, cancellationToken).ConfigureAwait(false);
        if ((batches.ServerStart, batches.Database) != (kept.ServerStart, kept.Database))
        {
            throw new SchemaException(
                $"{connections.WorkSource} and {connections.SessionSource} lead to different databases or servers. Both must lead to the same database of the same server, the primary.");
        }
    }

    private async Task<ServerAnswer> AskSessionsAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection session = await connections.OpenProbeAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            ServerAnswer answer = await AskAsync(session, cancellationToken).ConfigureAwait(false);

            // Where nothing stands in between, the number that the server gave with the connection is its session's; a proxy that shares sessions has to make one up.
            bool areShared = answer.ProcessId != session.ProcessID && await AreSharedAsync(session, answer, cancellationToken).ConfigureAwait(false);
            if (connections.Proxies.Found(areShared))
            {
                logger.ReducedMode(connections.SessionSource);
            }

            return answer;
        }
    }

    private async Task<bool> AreSharedAsync(NpgsqlConnection session, ServerAnswer first, CancellationToken cancellationToken)
    {
        NpgsqlConnection second = await connections.OpenProbeAsync(cancellationToken).ConfigureAwait(false);
        await using (second.ConfigureAwait(false))
        {
            for (int round = 0; round < Rounds; round++)
            {
                // An open transaction holds its session of the server. If that is the one that the first connection had, or if that one now gets another, they are shared.
                ServerAnswer again = first;
                ServerAnswer other = await AskInTransactionAsync(
                    second, connections.SessionSource, cancellationToken,
                    async () => again = await AskAsync(session, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);

                // And what a proxy got back last it gives out first. Without this look the rounds would be alike, and all of them miss: while the transaction is open the first connection gets the other session of
                // the two that take turns, which is its own.
                ServerAnswer behind = await AskAsync(session, cancellationToken).ConfigureAwait(false);
                if (other.ProcessId == first.ProcessId || again.ProcessId != first.ProcessId || behind.ProcessId != first.ProcessId)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private async Task<ServerAnswer> AskInTransactionAsync(NpgsqlConnection connection, string source, CancellationToken cancellationToken, Func<Task>? meanwhile = null)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            try
            {
                ServerAnswer answer = await AskAsync(connection, cancellationToken).ConfigureAwait(false);
                await (meanwhile?.Invoke() ?? Task.CompletedTask).ConfigureAwait(false);
                return answer;
            }
            catch (PostgresException exception) when (exception.MessageText.Contains("statement pooling", StringComparison.Ordinal))
            {
                throw new StatementPoolingException(source, exception);
            }
        }
    }

    private async Task<ServerAnswer> AskAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql["check_server"], connection);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                return new ServerAnswer(reader.GetInt32(0), reader.GetDateTime(1), reader.GetInt64(2));
            }
        }
    }

    private sealed record ServerAnswer(int ProcessId, DateTime ServerStart, long Database);
}
