using System.Data;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Diagnostics;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>
/// Creates the orchestrator's tables and brings them up to date. Safe to run again, and in any number of processes at once: one migrates, the others wait for it.
/// In an application, <c>host.MigrateOrchestratorAsync()</c> does the same.
/// </summary>
public sealed class PostgreSqlMigrator
{
    // Of the database, not of one schema: migrating is rare, and CREATE SCHEMA itself must not run twice at once. ASCII of "orc_migr".
    private const long LockKey = 0x6f72635f6d696772;

    // Raised by 000_adopt_existing_log.up.sql; PostgreSQL has no class of errors of that name.
    private const string CannotAdopt = "ORC00";

    private const string BeforeVersion = "before_version";

    private readonly PostgreSqlOptions _options;
    private readonly PostgreSqlConnections? _connections;
    private readonly ILogger _logger;
    private readonly SqlCatalog _sql;

    /// <summary>Creates a migrator.</summary>
    /// <param name="options">The database and the names. A configured schema that does not exist is created, which needs the right to.</param>
    /// <param name="logger">Where to log; default: nowhere.</param>
    /// <exception cref="OptionsValidationException">The options are wrong; the message lists every fault.</exception>
    public PostgreSqlMigrator(PostgreSqlOptions options, ILogger<PostgreSqlMigrator>? logger = null)
        : this(options, connections: null, logger)
    {
        if (new PostgreSqlOptionsValidator().Validate(Options.DefaultName, options) is { Failed: true } result)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(PostgreSqlOptions), result.Failures);
        }
    }

    // In a host, whose options are validated and whose connections are shared.
    internal PostgreSqlMigrator(PostgreSqlOptions options, PostgreSqlConnections? connections, ILogger<PostgreSqlMigrator>? logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _connections = connections;
        _logger = logger ?? NullLogger<PostgreSqlMigrator>.Instance;
        _sql = new SqlCatalog(options);
    }

    /// <summary>Applies every migration that the database does not have yet, all in one transaction.</summary>
    /// <param name="cancellationToken">Gives up; what was applied is rolled back.</param>
    /// <returns>The file names of the migrations that were applied; empty when there was nothing to do.</returns>
    /// <exception cref="SchemaVersionException">The database is at a version that this library does not know.</exception>
    /// <exception cref="SchemaException"><see cref="PostgreSqlOptions.AdoptExistingLog"/> is set, and the log cannot be adopted as it is: the message says why, and nothing has changed.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached, or a right is missing.</exception>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken = default)
    {
        if (_connections is not null)
        {
            return await MigrateAsync(_connections, cancellationToken).ConfigureAwait(false);
        }

        var connections = new PostgreSqlConnections(_options, TimeProvider.System);
        await using (connections.ConfigureAwait(false))
        {
            return await MigrateAsync(connections, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Looks which migrations the database has, and which it lacks. Changes nothing; the rights of a reader are enough.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Every migration that the database or this library knows, in order.</returns>
    /// <exception cref="MissingRightsException">The user may not look.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task<IReadOnlyList<MigrationState>> ReadStateAsync(CancellationToken cancellationToken = default)
    {
        if (_connections is not null)
        {
            return await new MigrationHistory(_connections, _sql, _options.AdoptExistingLog).ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        var connections = new PostgreSqlConnections(_options, TimeProvider.System);
        await using (connections.ConfigureAwait(false))
        {
            return await new MigrationHistory(connections, _sql, _options.AdoptExistingLog).ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<string>> MigrateAsync(PostgreSqlConnections connections, CancellationToken cancellationToken)
    {
        KeptSession session = await connections.OpenSessionAsync("orchestrator-migrate", cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            NpgsqlTransaction transaction = await session.Connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                return await MigrateAsync(transaction, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<IReadOnlyList<string>> MigrateAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        // The transaction's, not the session's: behind a proxy the session is not ours to lock.
        await ExecuteAsync(transaction, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({LockKey})"), cancellationToken).ConfigureAwait(false);
        (int version, bool isAdopted) = await ReadVersionAsync(transaction, cancellationToken).ConfigureAwait(false);
        if (version > Migration.Latest)
        {
            throw new SchemaVersionException(version, Migration.Latest, $"database '{transaction.Connection!.Database}'");
        }

        IEnumerable<Migration> adoption = _options.AdoptExistingLog && !isAdopted ? [Migration.Adoption] : [];
        List<Migration> missing = [.. adoption, .. Migration.All.Where(migration => migration.Version > version)];
        foreach (Migration migration in missing)
        {
            await ApplyAsync(transaction, migration, cancellationToken).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        Report(missing, version);
        return [.. missing.Select(migration => migration.FileName)];
    }

    private void Report(List<Migration> applied, int version)
    {
        foreach (Migration migration in applied)
        {
            _logger.MigrationApplied(migration.Version, migration.Name);
        }

        if (applied.Count == 0)
        {
            _logger.SchemaUpToDate(version);
        }
    }

    private async Task ApplyAsync(NpgsqlTransaction transaction, Migration migration, CancellationToken cancellationToken)
    {
        if (_options.Schema is not null)
        {
            await ExecuteAsync(transaction, _sql.Render(Migration.CreateSchemaSql), cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await ExecuteAsync(transaction, _sql.Render(migration.UpSql), cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == CannotAdopt)
        {
            throw new SchemaException(e.MessageText, e);
        }
    }

    private async Task<(int Version, bool IsAdopted)> ReadVersionAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await transaction.SaveAsync(BeforeVersion, cancellationToken).ConfigureAwait(false);
        try
        {
            var command = new NpgsqlCommand(_sql["read_schema_version"], transaction.Connection, transaction);
            await using (command.ConfigureAwait(false))
            {
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                    return (reader.GetInt32(0), reader.GetBoolean(1));
                }
            }
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            await transaction.RollbackAsync(BeforeVersion, cancellationToken).ConfigureAwait(false);
            return (0, false);
        }
    }

    // No time limit: the lock, or an index on a large table, takes as long as it takes. The token ends it.
    private static async Task ExecuteAsync(NpgsqlTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, transaction.Connection, transaction) { CommandTimeout = 0 };
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
