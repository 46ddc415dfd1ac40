using System.Data;
using System.Globalization;
using Npgsql;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Checkpoints;

/// <summary>A batch's transaction, which handlers can have in their hands, and what has become of it.</summary>
internal sealed class BatchTransaction(NpgsqlTransaction transaction, long id, string projection, NpgsqlDataSource work, SqlCatalog sql)
{
    private const string Committed = "committed";

    /// <summary>The transaction.</summary>
    public NpgsqlTransaction Transaction => transaction;

    /// <summary>Its connection.</summary>
    public NpgsqlConnection Connection { get; } = transaction.Connection!;

    /// <summary>The server's number of it.</summary>
    public long Id => id;

    /// <summary>Whether a handler has had the connection in its hands, and so could have ended the transaction.</summary>
    public bool HandedOut { get; set; }

    /// <summary>Refuses to go on where the client knows that the transaction is over. (It does not know of a <c>COMMIT; BEGIN</c>: the server is asked before the checkpoint moves.)</summary>
    /// <exception cref="BatchTransactionEndedException">A handler has ended it.</exception>
    public async ValueTask ThrowIfEndedAsync()
    {
        if (Connection.FullState.HasFlag(ConnectionState.Broken))
        {
            throw new NpgsqlException(string.Create(CultureInfo.InvariantCulture, $"The connection of transaction {id} was lost; the batch was rolled back."));
        }

        if (!Connection.FullState.HasFlag(ConnectionState.Open) || (HandedOut && IsOver()))
        {
            throw await DescribeEndAsync(inner: null).ConfigureAwait(false);
        }
    }

    /// <summary>Asks the server how the transaction was ended.</summary>
    public async Task<BatchTransactionEndedException> DescribeEndAsync(Exception? inner)
    {
        bool open = Connection.FullState.HasFlag(ConnectionState.Open);
        TransactionEnd end = await IsCommittedAsync().ConfigureAwait(false) ? TransactionEnd.Committed : open ? TransactionEnd.RolledBack : TransactionEnd.ConnectionClosed;
        return new BatchTransactionEndedException(projection, end, inner);
    }

    /// <summary>Whether the transaction was committed by somebody else than the orchestrator. Gives the batch up: what is not committed is rolled back.</summary>
    public async Task<bool> IsCommittedAsync()
    {
        // Closed first, so that a batch never needs two connections of the pool at a time.
        if (Connection.FullState != ConnectionState.Closed)
        {
            await Connection.CloseAsync().ConfigureAwait(false);
        }

        await using NpgsqlConnection other = await work.OpenConnectionAsync(CancellationToken.None).ConfigureAwait(false);
        await using NpgsqlCommand command = other.Command(sql["batch_transaction_status"], id);
        return await command.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false) is Committed;
    }

    // Npgsql tells it in no other way: a property of a transaction that is over, or disposed, cannot be read.
    private bool IsOver()
    {
        try
        {
            _ = transaction.IsolationLevel;
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
