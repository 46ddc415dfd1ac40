using Npgsql;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Checkpoints;

/// <summary>Statements that handlers have enqueued, each with the events that it came from, sent in one round trip and in order.</summary>
internal sealed class CommandQueue(BatchTransaction transaction, SqlCatalog sql)
{
    private readonly List<(NpgsqlBatchCommand Command, CommandSource Source)> _commands = [];

    /// <summary>Whether nothing waits to be sent.</summary>
    public bool IsEmpty => _commands.Count == 0;

    /// <summary>Adds a statement.</summary>
    public void Add(string statement, object?[] parameters, CommandSource source)
    {
        var command = new NpgsqlBatchCommand(statement);
        foreach (object? value in parameters)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        _commands.Add((command, source));
    }

    /// <summary>Sends what waits, and further statements behind it. Behind one that fails the server runs none.</summary>
    /// <param name="behind">The further statements.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the server has run everything.</returns>
    /// <exception cref="ProjectionCommandException">A statement failed; the message names its event.</exception>
    /// <exception cref="BatchTransactionEndedException">A handler has ended the transaction. Nothing was sent.</exception>
    public async Task SendAsync(IReadOnlyList<NpgsqlBatchCommand> behind, CancellationToken cancellationToken)
    {
        await transaction.ThrowIfEndedAsync().ConfigureAwait(false);
        await using var batch = new NpgsqlBatch(transaction.Connection);
        NpgsqlBatchCommand? guard = AddGuard(batch);
        foreach (NpgsqlBatchCommand command in _commands.Select(static entry => entry.Command).Concat(behind))
        {
            batch.BatchCommands.Add(command);
        }

        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (guard is not null && ReferenceEquals(FailedIn(batch), guard) && e.SqlState == PostgresErrorCodes.DivisionByZero)
        {
            throw await transaction.DescribeEndAsync(e).ConfigureAwait(false);
        }
        catch (PostgresException e) when (_commands.FindIndex(entry => ReferenceEquals(entry.Command, FailedIn(batch))) is >= 0 and int index)
        {
            throw new ProjectionCommandException(_commands[index].Command.CommandText, _commands[index].Source, e);
        }
        catch (Exception e) when (e is InvalidCastException or NotSupportedException or ArgumentException or FormatException or OverflowException && _commands.Count > 0)
        {
            throw new ProjectionParameterException([.. _commands.Select(entry => entry.Source)], e);
        }

        _commands.Clear();
    }

    // Only who has had the connection can have ended the transaction; everybody else is spared the statement. It goes ahead in the same round trip: when it fails, the server skips the rest.
    private NpgsqlBatchCommand? AddGuard(NpgsqlBatch batch)
    {
        if (!transaction.HandedOut)
        {
            return null;
        }

        batch.With(sql["batch_check_transaction"], transaction.Id);
        return batch.BatchCommands[0];
    }

    // The server runs statements in order and none behind the one that fails; Npgsql learns a statement's type when it has run. (What Npgsql itself says, e.BatchCommand, is there
    // only where a connection string asks for it, and the application's may not.)
    private static NpgsqlBatchCommand? FailedIn(NpgsqlBatch batch) => batch.BatchCommands.Cast<NpgsqlBatchCommand>().FirstOrDefault(command => command.StatementType == StatementType.Unknown);
}
