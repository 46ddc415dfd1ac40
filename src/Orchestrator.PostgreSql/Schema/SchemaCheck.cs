using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>Checks that the schema is the one that the code works with, and that the event log can be read without losing events.</summary>
internal sealed class SchemaCheck(PostgreSqlConnections connections, SqlCatalog sql, LogHistory history, ILogger<SchemaCheck> logger)
{
    /// <summary>Checks.</summary>
    /// <exception cref="StatementPoolingException">A proxy lets no transaction through.</exception>
    /// <exception cref="MissingRightsException">The user may not do what a worker does.</exception>
    /// <exception cref="SchemaVersionException">The schema is missing, older or newer.</exception>
    /// <exception cref="UnsafeEventLogException">The event log, or the slot hash, is not what the guarantees rest on.</exception>
    /// <exception cref="EventLogRewoundException">A checkpoint is ahead of the log.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await connections.OpenFirstAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            await new ProxyCheck(connections, sql, logger).CheckAsync(connection, cancellationToken).ConfigureAwait(false);
            await RightsCheck.CheckAsync(connection, sql, cancellationToken).ConfigureAwait(false);
            await CheckAsync(connection, cancellationToken).ConfigureAwait(false);
            await CheckpointCheck.CheckAsync(connection, sql, history, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Tries to connect; whoever cannot says to where, as whom, and what to look at.</summary>
    /// <exception cref="NpgsqlException">There is no connection.</exception>
    public async Task ReachAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await connections.OpenFirstAsync(cancellationToken).ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string where = $"database '{connection.Database}'";
        var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new(sql["read_schema_version"]), EventLogCheck.Command(sql), new(sql["check_slot_hash"]) },
        };
        await using (batch.ConfigureAwait(false))
        {
            try
            {
                NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    await CheckAsync(reader, where, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
            {
                throw new SchemaVersionException(0, Migration.Latest, where, e);
            }
        }
    }

    private async Task CheckAsync(NpgsqlDataReader reader, string where, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        int version = reader.GetInt32(0);
        if (version != Migration.Latest)
        {
            throw new SchemaVersionException(version, Migration.Latest, where);
        }

        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        List<string> faults = await EventLogCheck.ReadFaultsAsync(reader, sql, cancellationToken).ConfigureAwait(false);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            faults.Add($"The checkpoints of the replica set '{reader.GetString(0)}' are about other slots: the server's hash function has changed. Rebuild its projections under a new name.");
        }

        if (faults.Count > 0)
        {
            throw new UnsafeEventLogException(faults);
        }
    }
}
