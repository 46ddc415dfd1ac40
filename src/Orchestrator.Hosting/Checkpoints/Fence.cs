namespace Orchestrator.Hosting.Checkpoints;

/// <summary>
/// On whose behalf checkpoint rows are locked. A batch commits only if its row still bears this owner and the stamp that the worker knows of it (<see cref="Checkpoint.GenerationId"/>): any change of
/// the owner or of the borders by another hand gives the row a new stamp.
/// </summary>
/// <param name="ReplicaSet">The replica set.</param>
/// <param name="WorkerId">The worker.</param>
internal sealed record Fence(string ReplicaSet, Guid WorkerId);
