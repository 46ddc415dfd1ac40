using System.Data;
using Npgsql;
using NpgsqlTypes;
using Orchestrator.Hosting.Inspection;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Inspection;

/// <summary>Reads where everything stands, in one snapshot that is read only.</summary>
internal sealed class PostgreSqlInspector(PostgreSqlConnections connections, SqlCatalog sql) : IOrchestratorInspector
{
    public Task<OrchestratorReport> InspectAsync(string? replicaSet = null, CancellationToken cancellationToken = default) => ReadAsync(
        (transaction, token) => InspectAsync(transaction, replicaSet, token), cancellationToken);

    public Task<IReadOnlyList<GenerationReport>> ReadGenerationsAsync(string? replicaSet, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return ReadAsync((transaction, token) => ReadHistoryAsync(transaction, replicaSet, count, token), cancellationToken);
    }

    private async Task<OrchestratorReport> InspectAsync(NpgsqlTransaction transaction, string? replicaSet, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands =
            {
                Of("inspect_settings"), Of("inspect_log"), Of("inspect_replica_sets", replicaSet), Of("inspect_generations", replicaSet), Of("inspect_workers", replicaSet), Of("inspect_checkpoints", replicaSet),
            },
        };
        await using (batch.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                return await ReportReader.ReadAsync(reader, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<IReadOnlyList<GenerationReport>> ReadHistoryAsync(NpgsqlTransaction transaction, string? replicaSet, int count, CancellationToken cancellationToken)
    {
        NpgsqlBatchCommand newest = Of("inspect_generation_history", replicaSet);
        newest.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        var batch = new NpgsqlBatch(transaction.Connection, transaction) { BatchCommands = { newest } };
        await using (batch.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return await ReportReader.ReadGenerationsAsync(reader, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<T> ReadAsync<T>(Func<NpgsqlTransaction, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await connections.OpenFirstAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    await CheckVersionAsync(transaction, cancellationToken).ConfigureAwait(false);
                    return await read(transaction, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.InsufficientPrivilege)
            {
                // A table in a schema that the user may not look into is not there either, where the search path leads to it.
                await RightsCheck.CheckReaderAsync(connection, sql, cancellationToken).ConfigureAwait(false);
                if (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
                {
                    throw;
                }

                throw new SchemaVersionException(0, Migration.Latest, Where(connection), e);
            }
        }
    }

    private async Task CheckVersionAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql["read_schema_version"], transaction.Connection, transaction);
        await using (command.ConfigureAwait(false))
        {
            int version = (int)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
            if (version != Migration.Latest)
            {
                throw new SchemaVersionException(version, Migration.Latest, Where(transaction.Connection!));
            }
        }
    }

    private NpgsqlBatchCommand Of(string statement) => new(sql[statement]);

    private NpgsqlBatchCommand Of(string statement, string? replicaSet) =>
        new(sql[statement]) { Parameters = { new() { Value = (object?)replicaSet ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } } };

    private static string Where(NpgsqlConnection connection) => $"database '{connection.Database}'";
}
