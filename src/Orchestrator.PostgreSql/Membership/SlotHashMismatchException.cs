using Orchestrator.Hosting.Generations;

namespace Orchestrator.PostgreSql.Membership;

/// <summary>The database puts aggregates into other slots than the replica set's checkpoints were written with.</summary>
internal sealed class SlotHashMismatchException(string replicaSet, int slotCount) : InvalidOperationException(
    $"The checkpoints of the replica set '{replicaSet}' were written with {slotCount} slots and the slot hash that its row in orchestrator_replica_sets probes; this program has {SlotRange.Count} slots, "
    + "or the database now hashes otherwise (restored into another kind of server?). Running on would repeat and lose events. "
    + "Go back to the server or program that wrote them, or delete the replica set's checkpoints and its read models, and its row, to build them anew.");
