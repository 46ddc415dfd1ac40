using System.Data;
using System.Data.Common;
using Npgsql;

namespace Orchestrator.PostgreSql.EventStore;

/// <summary>Checks that a transaction that a caller hands in is one that the store can work in.</summary>
internal static class CallerTransaction
{
    /// <summary>The transaction's connection.</summary>
    /// <exception cref="ArgumentException">It is not; the message says why.</exception>
    public static NpgsqlConnection ConnectionOf(DbTransaction transaction, IReadOnlySet<string> databases)
    {
        if (transaction is not NpgsqlTransaction)
        {
            throw new ArgumentException(
                $"The PostgreSQL event store needs an NpgsqlTransaction, not a {transaction.GetType().FullName}. Unwrap it, or pass null.", nameof(transaction));
        }

        if (Connection(transaction) is not { State: ConnectionState.Open } connection)
        {
            throw new ArgumentException("The transaction has ended, or its connection is closed. Begin another one, or pass null.", nameof(transaction));
        }

        return databases.Contains(connection.Database)
            ? connection
            : throw new ArgumentException(
                $"The transaction belongs to the database '{connection.Database}', but the event log is in '{string.Join("' or '", databases)}'. "
                + "Begin it on a connection to the event log's database, or pass null.",
                nameof(transaction));
    }

    private static NpgsqlConnection? Connection(DbTransaction transaction)
    {
        try
        {
            // Npgsql names the connection of an ended transaction too; only this property refuses then.
            _ = transaction.IsolationLevel;
            return (NpgsqlConnection?)transaction.Connection;
        }
        catch (InvalidOperationException)
        {
            // Ended or disposed.
            return null;
        }
    }
}
