namespace Orchestrator.Hosting.Inspection;

/// <summary>Where everything stood at one moment.</summary>
/// <param name="ReadAt">When it was read, by the server's clock.</param>
/// <param name="LogEnd">The position of the last event that was visible; 0: the log is empty.</param>
/// <param name="ReplicaSets">The replica sets, by name.</param>
public sealed record OrchestratorReport(DateTimeOffset ReadAt, long LogEnd, IReadOnlyList<ReplicaSetReport> ReplicaSets);
