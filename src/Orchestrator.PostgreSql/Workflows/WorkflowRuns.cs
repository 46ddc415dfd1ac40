using Npgsql;
using NpgsqlTypes;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Workflows;

/// <summary>Looks at the runs of workflows, whatever programs run them, and lets failed ones be tried again.</summary>
internal sealed class WorkflowRuns(PostgreSqlConnections connections, SqlCatalog sql)
{
    /// <summary>The newest runs first.</summary>
    /// <param name="workflow">Of which workflow; null: of all.</param>
    /// <param name="status">With which status; null: any.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<WorkflowRunRow>> ListAsync(string? workflow, string? status, int limit, CancellationToken cancellationToken) => ReadAsync(
        new NpgsqlBatchCommand(sql["workflow_list_runs"]) { Parameters = { Text(workflow), Text(status), new NpgsqlParameter<int> { TypedValue = limit } } },
        static row => new WorkflowRunRow(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetInt64(4), TextOrNull(row, 5),
            row.GetFieldValue<DateTimeOffset>(6), row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8)),
        cancellationToken);

    /// <summary>What happened in a run; null: there is no such run.</summary>
    public async Task<WorkflowRunStory?> ShowAsync(string workflow, string requestId, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string Status, WorkflowEntryRow? Entry)> rows = await ReadAsync(
            new NpgsqlBatchCommand(sql["workflow_show_run"]) { Parameters = { Text(workflow), Text(requestId) } },
            static row => (row.GetString(0), row.IsDBNull(1) ? null : ReadEntry(row)),
            cancellationToken).ConfigureAwait(false);
        return rows.Count == 0 ? null : new WorkflowRunStory(rows[0].Status, [.. rows.Select(row => row.Entry).OfType<WorkflowEntryRow>()]);
    }

    /// <summary>Lets a failed run be tried again: what has succeeded stays, the rest is asked anew.</summary>
    /// <returns>Whether there is such a run, and it had failed.</returns>
    public async Task<bool> RetryAsync(string workflow, string requestId, CancellationToken cancellationToken) =>
        (await ReadAsync(new NpgsqlBatchCommand(sql["workflow_retry_run"]) { Parameters = { Text(workflow), Text(requestId) } }, static row => row.GetInt64(0), cancellationToken).ConfigureAwait(false)).Count > 0;

    private static WorkflowEntryRow ReadEntry(NpgsqlDataReader row) => new(
        row.GetInt32(1), row.GetString(2), TextOrNull(row, 3), row.GetInt32(4), TextOrNull(row, 5), row.GetFieldValue<string[]>(6), row.GetFieldValue<DateTimeOffset>(7));

    private async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlBatchCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await connections.OpenFirstAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
            await using (batch.ConfigureAwait(false))
            {
                NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    var rows = new List<T>();
                    while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    {
                        rows.Add(read(reader));
                    }

                    return rows;
                }
            }
        }
    }

    private static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
