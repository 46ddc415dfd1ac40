using Npgsql;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>Whether the sessions that a worker keeps are sessions of the server, and of the server that batches run on. Asked before a worker registers.</summary>
internal sealed class ProxyCheck(PostgreSqlConnections connections, SqlCatalog sql)
{
    // A proxy may happen to give the same session twice: each round is another chance to see that it shares them.
    private const int Rounds = 5;

    /// <summary>Asks.</summary>
    /// <param name="work">A connection for batches.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransactionPoolingException">A proxy pools the transactions of what should be a session.</exception>
    /// <exception cref="SchemaException">Batches and sessions are on different databases.</exception>
    public async Task CheckAsync(NpgsqlConnection work, CancellationToken cancellationToken)
    {
        KeptSession session = await connections.OpenFirstSessionAsync("orchestrator check", cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            ServerAnswer kept = await AskAsync(session.Connection, cancellationToken).ConfigureAwait(false);

            // Where nothing stands in between, the number that the server gave with the connection is its session's; a proxy that shares sessions has to make one up.
            if (kept.ProcessId != session.Connection.ProcessID && await IsSharedAsync(session.Connection, kept, cancellationToken).ConfigureAwait(false))
            {
                throw new TransactionPoolingException(connections.SessionSource);
            }

            ServerAnswer batches = await AskAsync(work, cancellationToken).ConfigureAwait(false);
            if ((batches.ServerStart, batches.Database) != (kept.ServerStart, kept.Database))
            {
                throw new SchemaException(
                    $"{connections.WorkSource} and {connections.SessionSource} lead to different databases or servers. Both must lead to the same database of the same server, the primary.");
            }
        }
    }

    private async Task<bool> IsSharedAsync(NpgsqlConnection session, ServerAnswer first, CancellationToken cancellationToken)
    {
        KeptSession second = await connections.OpenSessionAsync("orchestrator check", cancellationToken).ConfigureAwait(false);
        await using (second.ConfigureAwait(false))
        {
            for (int round = 0; round < Rounds; round++)
            {
                // An open transaction holds its session of the server. If that is the one that the first connection had, or if that one now gets another, they are shared.
                NpgsqlTransaction transaction = await second.Connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    ServerAnswer other = await AskAsync(second.Connection, cancellationToken).ConfigureAwait(false);
                    ServerAnswer again = await AskAsync(session, cancellationToken).ConfigureAwait(false);
                    if (other.ProcessId == first.ProcessId || again.ProcessId != first.ProcessId)
                    {
                        return true;
                    }
                }
            }
        }

        return false;
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
