using Npgsql;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>Which migrations a database has, beside those that there are.</summary>
internal sealed class MigrationHistory(PostgreSqlConnections connections, SqlCatalog sql, bool adopts)
{
    /// <summary>Reads the history.</summary>
    /// <exception cref="MissingRightsException">The user may not.</exception>
    public async Task<IReadOnlyList<MigrationState>> ReadAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await connections.OpenFirstAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                return Compare(await ReadAppliedAsync(connection, cancellationToken).ConfigureAwait(false));
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.InsufficientPrivilege)
            {
                // A table in a schema that the user may not look into is not there either, where the search path leads to it.
                await RightsCheck.CheckReaderAsync(connection, sql, cancellationToken).ConfigureAwait(false);
                if (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
                {
                    throw;
                }

                return Compare([]);
            }
        }
    }

    private IReadOnlyList<MigrationState> Compare(List<MigrationState> applied)
    {
        int version = applied.Count == 0 ? 0 : applied[^1].Version;
        bool isAdopted = applied.Exists(state => state.Version == Migration.Adoption.Version);
        IEnumerable<Migration> missing = Migration.All.Where(migration => migration.Version > version);
        return
        [
            .. adopts && !isAdopted ? [Missing(Migration.Adoption)] : Array.Empty<MigrationState>(),
            .. applied,
            .. missing.Select(Missing),
        ];
    }

    private static MigrationState Missing(Migration migration) => new(migration.Version, migration.Name, AppliedAt: null, IsKnown: true);

    private async Task<List<MigrationState>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = new List<MigrationState>();
        NpgsqlCommand command = connection.Command(sql["read_migrations"]);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    int version = reader.GetInt32(0);
                    applied.Add(new MigrationState(version, reader.GetString(1), await reader.GetFieldValueAsync<DateTimeOffset>(2, cancellationToken).ConfigureAwait(false), version <= Migration.Latest));
                }
            }
        }

        return applied;
    }
}
