using Npgsql;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.PostgreSql.Journal;

/// <summary>Reads what the journal's statements give back.</summary>
internal static class JournalRows
{
    /// <summary>How the tables call a kind of entry.</summary>
    public static string NameOf(JournalEntryKind kind) => kind switch
    {
        JournalEntryKind.Started => "started",
        JournalEntryKind.Retrying => "retrying",
        JournalEntryKind.Succeeded => "succeeded",
        JournalEntryKind.Failed => "failed",
        JournalEntryKind.Skipped => "skipped",
        _ => "reset",
    };

    /// <summary>How the tables call a status.</summary>
    public static string NameOf(WorkflowRunStatus status) => status switch
    {
        WorkflowRunStatus.Running => "running",
        WorkflowRunStatus.Succeeded => "succeeded",
        _ => "failed",
    };

    /// <summary>Reads the claim, if there is one, the run, and its entries: three results.</summary>
    public static async Task<WorkflowRun> ReadClaimedAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        WorkflowClaim? claim = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? new WorkflowClaim(reader.GetInt64(0), reader.GetInt64(1)) : null;
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        WorkflowRunStart start = ReadStart(reader);
        WorkflowRunStatus status = Enum.Parse<WorkflowRunStatus>(reader.GetString(6), ignoreCase: true);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        return new WorkflowRun(start, status, await ReadEntriesAsync(reader, cancellationToken).ConfigureAwait(false), claim);
    }

    /// <summary>Reads a run that was claimed, without its entries; null: none waits.</summary>
    public static async Task<WorkflowRun?> ReadNextAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) => await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
        ? new WorkflowRun(ReadStart(reader), WorkflowRunStatus.Running, [], new WorkflowClaim(reader.GetInt64(6), reader.GetInt64(7)))
        : null;

    /// <summary>Reads entries, in the order of their numbers.</summary>
    public static async Task<IReadOnlyList<JournalEntry>> ReadEntriesAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var entries = new List<JournalEntry>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            entries.Add(new JournalEntry
            {
                Number = reader.GetInt32(0),
                Kind = Enum.Parse<JournalEntryKind>(reader.GetString(1), ignoreCase: true),
                Service = StringOrNull(reader, 2),
                Attempt = reader.GetInt32(3),
                Response = StringOrNull(reader, 4),
                Error = StringOrNull(reader, 5),
                BecauseOf = StringOrNull(reader, 6),
                Warnings = reader.GetFieldValue<string[]>(7),
                RecordedAt = reader.GetFieldValue<DateTimeOffset>(8),
            });
        }

        return entries;
    }

    private static WorkflowRunStart ReadStart(NpgsqlDataReader reader) => new(reader.GetString(0), reader.GetString(1), reader.GetString(5))
    {
        TenantId = StringOrNull(reader, 2),
        OrganizationId = StringOrNull(reader, 3),
        Payload = StringOrNull(reader, 4),
    };

    private static string? StringOrNull(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
