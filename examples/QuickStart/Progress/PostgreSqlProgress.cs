using Npgsql;
using QuickStart.Importing;

namespace QuickStart.Progress;

/// <summary>Reads the progress from the orchestrator's own tables, which anybody may do: docs/tables.md describes them.</summary>
internal sealed class PostgreSqlProgress(NpgsqlDataSource dataSource, HistoryImporter importer, Task import)
{
    private const string ReadReplicaSets =
        """
        SELECT s.replica_set, coalesce(g.generation_id, 0),
          ARRAY(SELECT w.process_id FROM unnest(g.members) WITH ORDINALITY AS m (worker_id, k) LEFT JOIN orchestrator_workers AS w USING (worker_id) ORDER BY m.k)
        FROM orchestrator_replica_sets AS s LEFT JOIN orchestrator_generations AS g ON g.replica_set = s.replica_set AND g.state = 'active'
        ORDER BY s.replica_set DESC
        """;

    private const string ReadProjections =
        """
        SELECT c.projection_name, (sum(c.position * (c.slot_to - c.slot_from)) / 32768)::bigint, e.last,
          bool_and(c.position >= e.last) AND sum(c.slot_to - c.slot_from) = 32768
        FROM projection_checkpoints AS c CROSS JOIN (SELECT coalesce(max(global_position), 0) AS last FROM events) AS e
        GROUP BY c.replica_set, c.projection_name, e.last ORDER BY c.replica_set DESC, c.projection_name
        """;

    public async Task<ProgressSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        // Asked first: only then is the log's last position, read below, the last there will be.
        bool importIsDone = import.IsCompletedSuccessfully;
        return new ProgressSnapshot(
            importer.Events,
            importIsDone,
            await ReadAsync(ReadReplicaSets, row => new ReplicaSetProgress(row.GetString(0), row.GetInt64(1), row.GetFieldValue<int?[]>(2)), cancellationToken),
            await ReadAsync(ReadProjections, row => new ProjectionProgress(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetBoolean(3)), cancellationToken));
    }

    private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await using NpgsqlCommand command = dataSource.CreateCommand(sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
