using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.InMemory;

/// <summary>The rows of one replica set. Guarded by the database's gate; the locks in it are taken outside the gate and may be held across awaits.</summary>
internal sealed class InMemoryReplicaSet(string name)
{
    private long _version;

    public string Name { get; } = name;

    /// <summary>Serialises transitions.</summary>
    public InMemoryLock TransitionLock { get; } = new();

    public List<(Generation Generation, GenerationState State)> Generations { get; } = [];

    public List<InMemoryWorker> Workers { get; } = [];

    public List<InMemoryCheckpoint> Checkpoints { get; } = [];

    /// <summary>The session that holds the leader's lock.</summary>
    public InMemoryControlSession? Leader { get; set; }

    /// <summary>Who said last that it leads.</summary>
    public Guid? LeaderId { get; set; }

    /// <summary>Changes with every notification.</summary>
    public LatestValue<long> Notifications { get; } = new(0);

    public Generation? Find(GenerationState state) => Generations.Where(entry => entry.State == state).Select(entry => entry.Generation).FirstOrDefault();

    public InMemoryWorker? Find(Guid workerId) => Workers.Find(worker => worker.Registration.WorkerId == workerId);

    public void SetState(Generation generation, GenerationState state)
    {
        int index = Generations.FindIndex(entry => entry.Generation.Id == generation.Id);
        Generations[index] = (Generations[index].Generation, state);
    }

    public IEnumerable<InMemoryCheckpoint> InKeyOrder() =>
        Checkpoints.OrderBy(row => row.Value.Projection, StringComparer.Ordinal).ThenBy(row => row.Value.Version).ThenBy(row => row.Value.Slots.From);

    public void Notify() => Notifications.Publish(++_version);
}

/// <summary>A worker's row.</summary>
internal sealed class InMemoryWorker(WorkerRegistration registration, InMemoryControlSession session)
{
    public WorkerRegistration Registration { get; } = registration;

    public InMemoryControlSession Session { get; } = session;

    public long AcknowledgedGeneration { get; set; }

    public long HeartbeatSequence { get; set; }
}

/// <summary>A checkpoint's row.</summary>
internal sealed class InMemoryCheckpoint(Checkpoint value)
{
    public Checkpoint Value { get; set; } = value;

    public InMemoryLock RowLock { get; } = new();

    /// <summary>The batch that holds the lock, if one does.</summary>
    public InMemoryBatch? Batch { get; set; }
}
