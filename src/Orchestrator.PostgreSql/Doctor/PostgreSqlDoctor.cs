using System.Data;
using Npgsql;
using Orchestrator.Hosting.Doctor;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Doctor;

/// <summary>Looks at the tables and at the server's own views, with the rights of a reader: one round trip, in a transaction that reads only, of one snapshot.</summary>
internal sealed class PostgreSqlDoctor(PostgreSqlConnections connections, SqlCatalog sql) : IOrchestratorDoctor
{
    private static readonly string[] s_horizon = ["check_checkpoints", "horizon_holders"];
    private static readonly string[] s_everything = [.. s_horizon, "doctor_workers", "doctor_replica_sets", "doctor_projections", "doctor_strangers", "doctor_connections"];

    /// <inheritdoc/>
    public Task<HorizonReport> ExamineHorizonAsync(bool showStatements = false, CancellationToken cancellationToken = default) =>
        AskAsync(s_horizon, reader => ReadHorizonAsync(reader, showStatements, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task<DoctorReport> ExamineAsync(bool showStatements = false, CancellationToken cancellationToken = default) =>
        Diagnosis.Of(await AskAsync(s_everything, reader => ReadAsync(reader, showStatements, cancellationToken), cancellationToken).ConfigureAwait(false));

    private async Task<T> AskAsync<T>(string[] statements, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await connections.OpenFirstAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
                await using var batch = new NpgsqlBatch(connection, transaction);
                batch.With(sql["doctor_begin"]);
                Array.ForEach(statements, statement => batch.With(sql[statement]));
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                return await read(reader).ConfigureAwait(false);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
            {
                throw new SchemaVersionException(0, Migration.Latest, $"database '{connection.Database}'", e);
            }
        }
    }

    private static async Task<HorizonReport> ReadHorizonAsync(NpgsqlDataReader reader, bool showStatements, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        (long lastDrawn, long furthest) = (reader.GetInt64(0), reader.GetInt64(1));
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        return new HorizonReport(lastDrawn, furthest, await HorizonHolders.ReadAsync(reader, showStatements, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<DoctorSnapshot> ReadAsync(NpgsqlDataReader reader, bool showStatements, CancellationToken cancellationToken)
    {
        HorizonReport horizon = await ReadHorizonAsync(reader, showStatements, cancellationToken).ConfigureAwait(false);
        List<SeenWorker> workers = await NextAsync(reader, Worker, cancellationToken).ConfigureAwait(false);
        List<SeenReplicaSet> replicaSets = await NextAsync(reader, ReplicaSet, cancellationToken).ConfigureAwait(false);
        List<SeenProjection> projections = await NextAsync(reader, Projection, cancellationToken).ConfigureAwait(false);
        List<SeenStranger> strangers = await NextAsync(reader, static row => new SeenStranger(row.GetString(0), row.GetBoolean(1), row.GetString(2)), cancellationToken).ConfigureAwait(false);
        List<SeenConnections> connections = await NextAsync(reader, static row => new SeenConnections(row.GetInt32(0), row.GetInt32(1)), cancellationToken).ConfigureAwait(false);
        return new DoctorSnapshot(horizon, workers, replicaSets, projections, strangers, connections[0]);
    }

    private static async Task<List<T>> NextAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static SeenWorker Worker(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetFieldValue<string[]>(3), Seconds(row, 4)!.Value, Seconds(row, 5), row.GetBoolean(6));

    private static SeenReplicaSet ReplicaSet(NpgsqlDataReader row) => new(row.GetString(0), Seconds(row, 1), row.GetInt32(2), row.GetFieldValue<string[]>(3));

    private static SeenProjection Projection(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt64(2), Seconds(row, 3)!.Value, row.GetInt32(4));

    private static TimeSpan? Seconds(NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? null : TimeSpan.FromSeconds(row.GetDouble(ordinal));
}
