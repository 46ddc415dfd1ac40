namespace Orchestrator.Hosting.Checkpoints;

/// <summary>What a worker must still be for its batch to commit: the owner that the checkpoint row is stamped with.</summary>
/// <param name="ReplicaSet">The replica set.</param>
/// <param name="WorkerId">The worker.</param>
/// <param name="GenerationId">The generation.</param>
internal sealed record Fence(string ReplicaSet, Guid WorkerId, long GenerationId);
