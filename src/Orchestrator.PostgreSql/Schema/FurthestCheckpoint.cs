namespace Orchestrator.PostgreSql.Schema;

/// <summary>The checkpoint that is furthest ahead, of all projections that read the log.</summary>
/// <param name="Position">Its position; 0: there is none yet.</param>
/// <param name="ReplicaSet">Its replica set, or null.</param>
/// <param name="Projection">Its projection, or null.</param>
internal sealed record FurthestCheckpoint(long Position, string? ReplicaSet, string? Projection);
