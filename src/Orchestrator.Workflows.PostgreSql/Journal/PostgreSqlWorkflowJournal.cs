using Npgsql;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.Projections;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.PostgreSql.Journal;

/// <summary>
/// Keeps runs in PostgreSQL. Every call is one transaction of one round trip. Claims expire by the server's clock, and each write checks the claim's token under a lock of the run's row: either it is there before
/// the run is taken over, or it is refused.
/// </summary>
internal sealed class PostgreSqlWorkflowJournal(JournalConnection connection, SqlCatalog sql) : IWorkflowJournal
{
    private readonly JournalCommands _commands = new(sql);

    public ValueTask<WorkflowRun> ClaimAsync(WorkflowRunStart start, string owner, TimeSpan duration, CancellationToken cancellationToken) => new(connection.RunForAWhileAsync(
        async (open, token) =>
        {
            var batch = new NpgsqlBatch(open)
            {
                BatchCommands = { _commands.BeginRun(start), _commands.ClaimRun(start, owner, duration), _commands.ReadRun(start), _commands.ReadJournal(start) },
            };
            await using (batch.ConfigureAwait(false))
            {
                return await ReadAsync(batch, JournalRows.ReadClaimedAsync, token).ConfigureAwait(false);
            }
        },
        cancellationToken));

    public void Enqueue(ProjectionContext context, WorkflowRunStart start)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Enqueue(sql["workflow_enqueue_run"], JournalCommands.EnqueueParameters(start));
    }

    public ValueTask<WorkflowRun?> ClaimNextAsync(string workflow, string definitionHash, string owner, TimeSpan duration, CancellationToken cancellationToken) => new(connection.RunForAWhileAsync(
        async (open, token) =>
        {
            WorkflowRun? run = await connection.ExecuteAsync(open, () => _commands.ClaimNext(workflow, definitionHash, owner, duration), batch => ReadAsync(batch, JournalRows.ReadNextAsync, token), token).ConfigureAwait(false);
            return run is null ? null : run with { Entries = await connection.ExecuteAsync(open, () => _commands.ReadJournal(run.Start), batch => ReadAsync(batch, JournalRows.ReadEntriesAsync, token), token).ConfigureAwait(false) };
        },
        cancellationToken));

    public async ValueTask RenewAsync(WorkflowClaim claim, TimeSpan duration, CancellationToken cancellationToken) =>
        await WriteAsync<long>(claim, () => _commands.RenewClaim(claim, duration), cancellationToken).ConfigureAwait(false);

    public ValueTask<DateTimeOffset> AppendAsync(WorkflowClaim claim, JournalEntry entry, CancellationToken cancellationToken) =>
        new(WriteAsync<DateTimeOffset>(claim, () => _commands.AppendEntry(claim, entry), cancellationToken));

    public async ValueTask FinishAsync(WorkflowClaim claim, WorkflowRunStatus status, CancellationToken cancellationToken) =>
        await WriteAsync<long>(claim, () => _commands.FinishRun(claim, status), cancellationToken).ConfigureAwait(false);

    public async ValueTask ReleaseAsync(WorkflowClaim claim, CancellationToken cancellationToken) => await connection.RunForAWhileAsync(
        (open, token) => connection.ExecuteAsync(open, () => _commands.ReleaseClaim(claim), batch => batch.ExecuteNonQueryAsync(token), token), cancellationToken).ConfigureAwait(false);

    private static async Task<T> ReadAsync<T>(NpgsqlBatch batch, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await read(reader, cancellationToken).ConfigureAwait(false);
        }
    }

    // What is to be written may stand for work that was done: it is tried for as long as the claim may hold, which the caller's token knows. Each of these statements may run twice.
    private Task<T> WriteAsync<T>(WorkflowClaim claim, Func<NpgsqlBatchCommand> create, CancellationToken cancellationToken) => connection.RunUntilCancelledAsync(
        (open, token) => connection.ExecuteAsync(
            open,
            create,
            batch => ReadAsync(batch, async (reader, end) => await reader.ReadAsync(end).ConfigureAwait(false) ? reader.GetFieldValue<T>(0) : throw new WorkflowClaimLostException(claim), token),
            token),
        cancellationToken);
}
