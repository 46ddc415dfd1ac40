using System.Text;
using Npgsql;
using NpgsqlTypes;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.PostgreSql.Journal;

/// <summary>The journal's statements with their parameters.</summary>
internal sealed class JournalCommands(SqlCatalog sql)
{
    public NpgsqlBatchCommand BeginRun(WorkflowRunStart start) => new(sql["workflow_begin_run"])
    {
        Parameters = { Text(start.Workflow), Text(start.RequestId), Text(start.TenantId), Text(start.OrganizationId), Json(start.Payload), Text(start.DefinitionHash) },
    };

    public NpgsqlBatchCommand ClaimRun(WorkflowRunStart start, string owner, TimeSpan duration) => new(sql["workflow_claim_run"])
    {
        Parameters =
        {
            Text(start.Workflow), Text(start.RequestId), Text(start.TenantId), Text(start.OrganizationId), Json(start.Payload), Text(start.DefinitionHash), Text(owner), Interval(duration),
        },
    };

    public NpgsqlBatchCommand ClaimNext(string workflow, string definitionHash, string owner, TimeSpan duration) =>
        new(sql["workflow_claim_next"]) { Parameters = { Text(workflow), Text(definitionHash), Text(owner), Interval(duration) } };

    public static object?[] EnqueueParameters(WorkflowRunStart start) => [Text(start.Workflow), Text(start.RequestId), Json(start.Payload), Text(start.DefinitionHash)];

    public NpgsqlBatchCommand ReadRun(WorkflowRunStart start) => new(sql["workflow_read_run"]) { Parameters = { Text(start.Workflow), Text(start.RequestId) } };

    public NpgsqlBatchCommand ReadJournal(WorkflowRunStart start) => new(sql["workflow_read_journal"]) { Parameters = { Text(start.Workflow), Text(start.RequestId) } };

    public NpgsqlBatchCommand AppendEntry(WorkflowClaim claim, JournalEntry entry) => new(sql["workflow_append_entry"])
    {
        Parameters =
        {
            Long(claim.RunId), Long(claim.Token), new NpgsqlParameter<int> { TypedValue = entry.Number }, Text(JournalRows.NameOf(entry.Kind)), Text(entry.Service),
            new NpgsqlParameter<int> { TypedValue = entry.Attempt }, Json(entry.Response), Text(Storable(entry.Error)), Text(entry.BecauseOf),
            new NpgsqlParameter<string[]> { TypedValue = [.. entry.Warnings.Select(warning => Storable(warning)!)] },
        },
    };

    public NpgsqlBatchCommand RenewClaim(WorkflowClaim claim, TimeSpan duration) =>
        new(sql["workflow_renew_claim"]) { Parameters = { Long(claim.RunId), Long(claim.Token), Interval(duration) } };

    public NpgsqlBatchCommand FinishRun(WorkflowClaim claim, WorkflowRunStatus status) =>
        new(sql["workflow_finish_run"]) { Parameters = { Long(claim.RunId), Long(claim.Token), Text(JournalRows.NameOf(status)) } };

    public NpgsqlBatchCommand ReleaseClaim(WorkflowClaim claim) => new(sql["workflow_release_claim"]) { Parameters = { Long(claim.RunId), Long(claim.Token) } };

    // An error's message may hold anything, and PostgreSQL's text neither a NUL nor half a surrogate pair: the message of an error must not keep the error from being recorded.
    private static string? Storable(string? text) => text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Json(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Json };

    private static NpgsqlParameter<long> Long(long value) => new() { TypedValue = value };

    private static NpgsqlParameter<TimeSpan> Interval(TimeSpan value) => new() { TypedValue = value };
}
