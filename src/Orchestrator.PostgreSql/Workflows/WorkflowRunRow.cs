namespace Orchestrator.PostgreSql.Workflows;

/// <summary>A run, for people.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="RequestId">The request's id.</param>
/// <param name="Status"><c>running</c>, <c>succeeded</c> or <c>failed</c>.</param>
/// <param name="InBackground">Whether executors look for it.</param>
/// <param name="Claims">How often it was claimed.</param>
/// <param name="ClaimedBy">Who is at it now; null for nobody.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="FinishedAt">When it ended; null: not yet.</param>
/// <param name="ReadAt">When this was read, by the server's clock.</param>
internal sealed record WorkflowRunRow(
    string Workflow, string RequestId, string Status, bool InBackground, long Claims, string? ClaimedBy, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, DateTimeOffset ReadAt);

/// <summary>An entry of a run's journal, for people.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Kind">What it says.</param>
/// <param name="Service">The service that it is about, or null.</param>
/// <param name="Attempt">The attempt; 0 for none.</param>
/// <param name="Reason">The error, or the service because of which this one is skipped; or null.</param>
/// <param name="Warnings">What the attempt warned of.</param>
/// <param name="RecordedAt">When, by the server's clock.</param>
internal sealed record WorkflowEntryRow(int Number, string Kind, string? Service, int Attempt, string? Reason, IReadOnlyList<string> Warnings, DateTimeOffset RecordedAt);

/// <summary>A run's journal, for people.</summary>
/// <param name="Status">The run's status.</param>
/// <param name="Entries">What happened, in order.</param>
internal sealed record WorkflowRunStory(string Status, IReadOnlyList<WorkflowEntryRow> Entries);
