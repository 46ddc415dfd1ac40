namespace Orchestrator.Workflows.Journal;

/// <summary>The right to work on a run and to write its journal, until it has expired and somebody else has taken it.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Token">Rises with every claim of the run: who writes with an older one is refused.</param>
public sealed record WorkflowClaim(long RunId, long Token);
