using Npgsql;
using NpgsqlTypes;

namespace Orchestrator.Benchmarks.Raw;

/// <summary>What the journal of a run in PostgreSQL costs by itself: begun and claimed in one round trip, an entry before and one behind each service, and ended. The statements are the product's.</summary>
internal sealed class RawJournal(NpgsqlDataSource dataSource)
{
    private const string Definition = "raw";

    private static readonly string Begin = ProductSql.Read("workflow_begin_run");
    private static readonly string Claim = ProductSql.Read("workflow_claim_run");
    private static readonly string ReadRun = ProductSql.Read("workflow_read_run");
    private static readonly string ReadJournal = ProductSql.Read("workflow_read_journal");
    private static readonly string Append = ProductSql.Read("workflow_append_entry");
    private static readonly string Finish = ProductSql.Read("workflow_finish_run");

    /// <summary>Writes a run in which every service succeeds.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="requestId">The request's id, which must be new.</param>
    /// <param name="stages">The services: those of a stage at the same time, one stage after another.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(string workflow, string requestId, IReadOnlyList<string[]> stages, CancellationToken cancellationToken)
    {
        (long run, long token) = await ClaimAsync(workflow, requestId, cancellationToken);
        int number = 0;
        foreach (string[] stage in stages)
        {
            await Task.WhenAll(stage.Select(WriteServiceAsync));
        }

        await ExecuteAsync([new NpgsqlBatchCommand(Finish) { Parameters = { Long(run), Long(token), Text("succeeded") } }], cancellationToken);

        async Task WriteServiceAsync(string service)
        {
            await ExecuteAsync([Entry(run, token, Interlocked.Increment(ref number), "started", service)], cancellationToken);
            await ExecuteAsync([Entry(run, token, Interlocked.Increment(ref number), "succeeded", service)], cancellationToken);
        }
    }

    private Task<(long Run, long Token)> ClaimAsync(string workflow, string requestId, CancellationToken cancellationToken)
    {
        TimeSpan duration = TimeSpan.FromSeconds(30);
        return ExecuteAsync(
            [
                new NpgsqlBatchCommand(Begin) { Parameters = { Text(workflow), Text(requestId), Text(null), Text(null), Json(), Text(Definition) } },
                new NpgsqlBatchCommand(Claim)
                {
                    Parameters = { Text(workflow), Text(requestId), Text(null), Text(null), Json(), Text(Definition), Text("raw"), new NpgsqlParameter<TimeSpan> { TypedValue = duration } },
                },
                new NpgsqlBatchCommand(ReadRun) { Parameters = { Text(workflow), Text(requestId) } },
                new NpgsqlBatchCommand(ReadJournal) { Parameters = { Text(workflow), Text(requestId) } },
            ],
            reader => (reader.GetInt64(0), reader.GetInt64(1)),
            cancellationToken);
    }

    private Task<bool> ExecuteAsync(NpgsqlBatchCommand[] commands, CancellationToken cancellationToken) => ExecuteAsync(commands, _ => true, cancellationToken);

    private async Task<T> ExecuteAsync<T>(NpgsqlBatchCommand[] commands, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        foreach (NpgsqlBatchCommand command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        await batch.PrepareAsync(cancellationToken);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);

        // No row: nothing was written, and what is measured would be something else.
        return await reader.ReadAsync(cancellationToken) ? read(reader) : throw new InvalidOperationException("The run is somebody else's.");
    }

    private static NpgsqlBatchCommand Entry(long run, long token, int number, string kind, string service) => new(Append)
    {
        Parameters =
        {
            Long(run), Long(token), new NpgsqlParameter<int> { TypedValue = number }, Text(kind), Text(service),
            new NpgsqlParameter<int> { TypedValue = 1 }, Json(), Text(null), Text(null), new NpgsqlParameter<string[]> { TypedValue = [] },
        },
    };

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Json() => new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Json };

    private static NpgsqlParameter<long> Long(long value) => new() { TypedValue = value };
}
