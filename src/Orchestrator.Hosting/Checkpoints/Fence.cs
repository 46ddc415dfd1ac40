namespace Orchestrator.Hosting.Checkpoints;

/// <summary>
/// On whose behalf checkpoint rows are locked. A batch commits only if its row still bears this owner and the stamp that the worker knows of it (<see cref="Checkpoint.GenerationId"/>): a row that
/// gets another owner, or another first slot, gets a new stamp. Where it ends, and how far it is, says the row as it is locked.
/// </summary>
/// <param name="ReplicaSet">The replica set.</param>
/// <param name="WorkerId">The worker.</param>
internal sealed record Fence(string ReplicaSet, Guid WorkerId);
