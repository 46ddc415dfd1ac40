using Npgsql;
using Orchestrator.Hosting.Doctor;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Doctor;

/// <summary>Looks at the tables and at the server's own views, with the rights of a reader.</summary>
internal sealed class PostgreSqlDoctor(PostgreSqlConnections connections, SqlCatalog sql) : IOrchestratorDoctor
{
    /// <inheritdoc/>
    public async Task<HorizonReport> ExamineHorizonAsync(bool showStatements = false, CancellationToken cancellationToken = default)
    {
        NpgsqlConnection connection = await connections.OpenFirstAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            await using NpgsqlBatch batch = new NpgsqlBatch(connection).With(sql["check_checkpoints"]).With(sql["horizon_holders"]);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            (long lastDrawn, long furthest) = (reader.GetInt64(0), reader.GetInt64(1));
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            return new HorizonReport(lastDrawn, furthest, await HorizonHolders.ReadAsync(reader, showStatements, cancellationToken).ConfigureAwait(false));
        }
    }
}
