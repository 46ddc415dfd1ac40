using System.Text.Json.Nodes;
using Orchestrator.Hosting.Inspection;

namespace Orchestrator.Cli.Inspecting;

/// <summary>The parts of the documents that <c>--json</c> prints: docs/command-line.md promises their names.</summary>
internal static class Documents
{
    /// <summary>A document about replica sets.</summary>
    public static JsonObject Of(OrchestratorReport report, Func<ReplicaSetReport, JsonObject> replicaSet) => new()
    {
        ["readAt"] = report.ReadAt,
        ["logEnd"] = report.LogEnd,
        ["replicaSets"] = Array(report.ReplicaSets, replicaSet),
    };

    public static JsonObject Of(GenerationReport generation) => new()
    {
        ["replicaSet"] = generation.ReplicaSet,
        ["generationId"] = generation.Id,
        ["state"] = generation.State,
        ["totalPartitions"] = generation.TotalPartitions,
        ["members"] = new JsonArray([.. generation.Members.Select(member => JsonValue.Create(member))]),
        ["leaderId"] = generation.LeaderId,
        ["strategy"] = generation.Strategy,
        ["reason"] = generation.Reason,
        ["createdAt"] = generation.CreatedAt,
        ["activatedAt"] = generation.ActivatedAt,
        ["supersededAt"] = generation.SupersededAt,
    };

    public static JsonObject Of(WorkerReport worker, ReplicaSetReport replicaSet) => new()
    {
        ["workerId"] = worker.Id,
        ["isLeader"] = worker.Id == replicaSet.LeaderId,
        ["isConnected"] = worker.IsConnected,
        ["partition"] = worker.Partition,
        ["isStatic"] = worker.IsStatic,
        ["generationId"] = worker.GenerationId,
        ["lanes"] = worker.Lanes,
        ["projections"] = new JsonArray([.. worker.Projections.Select(projection => JsonValue.Create(projection))]),
        ["hostName"] = worker.HostName,
        ["processId"] = worker.ProcessId,
        ["applicationVersion"] = worker.ApplicationVersion,
        ["startedAt"] = worker.StartedAt,
        ["heartbeatAgeSeconds"] = worker.HeartbeatAge?.TotalSeconds,
    };

    public static JsonObject Of(ProjectionReport projection) => new()
    {
        ["name"] = projection.Name,
        ["version"] = projection.Version,
        ["position"] = projection.Position,
        ["eventsBehind"] = projection.Behind,
        ["secondsBehind"] = projection.Age.TotalSeconds,
    };

    public static JsonObject Of(CheckpointReport part, ReplicaSetReport replicaSet) => new()
    {
        ["slotFrom"] = part.Slots.From,
        ["slotTo"] = part.Slots.To,
        ["position"] = part.Position,
        ["eventsBehind"] = part.Behind,
        ["secondsBehind"] = part.Age.TotalSeconds,
        ["workerId"] = part.WorkerId,
        ["partition"] = replicaSet.PartitionOf(part),
        ["updatedAt"] = part.UpdatedAt,
    };

    public static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonObject> document) => new([.. items.Select(document)]);
}
