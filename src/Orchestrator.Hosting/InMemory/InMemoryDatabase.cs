using Orchestrator.Events;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.InMemory;

/// <summary>
/// The log and the coordination of the in-memory provider. Hosts of one process that are given the same instance form generations together, as processes do in PostgreSQL. Everything is gone when
/// the process ends: for development and tests.
/// </summary>
public sealed class InMemoryDatabase
{
    private readonly Dictionary<string, InMemoryReplicaSet> _replicaSets = new(StringComparer.Ordinal);
    private long _lastGenerationId;

    /// <summary>Guards everything below; held for moments, never across an await.</summary>
    internal Lock Gate { get; } = new();

    internal List<PersistedEvent> Events { get; } = [];

    internal List<int> EventSlots { get; } = [];

    internal Dictionary<(string Type, string Id), List<PersistedEvent>> Streams { get; } = [];

    internal HashSet<Guid> EventIds { get; } = [];

    /// <summary>The last position; readers wait for it to change.</summary>
    internal LatestValue<long> Head { get; } = new(0);

    /// <summary>Every replica set. Guarded by the gate.</summary>
    internal IReadOnlyCollection<InMemoryReplicaSet> ReplicaSets => _replicaSets.Values;

    internal InMemoryReplicaSet ReplicaSet(string name)
    {
        lock (Gate)
        {
            if (!_replicaSets.TryGetValue(name, out InMemoryReplicaSet? replicaSet))
            {
                replicaSet = new InMemoryReplicaSet(name);
                _replicaSets.Add(name, replicaSet);
            }

            return replicaSet;
        }
    }

    internal long NextGenerationId() => ++_lastGenerationId;

    /// <summary>Any fixed function of the id will do: no checkpoint outlives the process.</summary>
    internal static int SlotOf(string aggregateId)
    {
        uint hash = 2_166_136_261;
        foreach (char character in aggregateId)
        {
            hash = (hash ^ character) * 16_777_619;
        }

        // Mixed once more (the last steps of MurmurHash3, https://github.com/aappleby/smhasher): alone, ids that differ only at their end would meet in few lanes.
        hash = (hash ^ (hash >> 16)) * 0x85EB_CA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2_AE35;
        return (int)((hash ^ (hash >> 16)) % SlotRange.Count);
    }
}
