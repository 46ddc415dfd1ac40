namespace Orchestrator.Workflows.Journal;

/// <summary>A run as its journal has it.</summary>
/// <param name="Start">What it began with.</param>
/// <param name="Status">How far it is.</param>
/// <param name="Entries">What happened, in order.</param>
/// <param name="Claim">The right to work on it, if the caller has got that; else null.</param>
public sealed record WorkflowRun(WorkflowRunStart Start, WorkflowRunStatus Status, IReadOnlyList<JournalEntry> Entries, WorkflowClaim? Claim);
