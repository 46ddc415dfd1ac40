using System.Collections.Immutable;
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

    public Generation? Find(GenerationState state) => Generations.Find(entry => entry.State == state).Generation;

    public InMemoryWorker? Find(Guid workerId) => Workers.Find(worker => worker.Registration.WorkerId == workerId);

    /// <summary>The members of a generation with their projections; null when one is not registered any more.</summary>
    public MemberProjections[]? MembersOf(Generation generation) => generation.Members.Any(member => Find(member) is null)
        ? null
        : [.. generation.Members.Select(member => Find(member)!.Registration).Select(member => new MemberProjections(member.WorkerId, member.Projections, member.Lanes))];

    /// <summary>The forming generation becomes active, and whatever went before is superseded.</summary>
    public void Activate(long generationId)
    {
        foreach ((Generation before, _) in Generations.Where(entry => entry.State is GenerationState.Active or GenerationState.Static).ToArray())
        {
            SetState(before, GenerationState.Superseded);
        }

        SetState(Generations.First(entry => entry.Generation.Id == generationId).Generation, GenerationState.Active);
        Notify();
    }

    public void SetState(Generation generation, GenerationState state)
    {
        int index = Generations.FindIndex(entry => entry.Generation.Id == generation.Id);
        Generations[index] = (Generations[index].Generation, state);
    }

    public IEnumerable<InMemoryCheckpoint> InKeyOrder() =>
        Checkpoints.OrderBy(row => row.Value.Projection, StringComparer.Ordinal).ThenBy(row => row.Value.Version).ThenBy(row => row.Value.Slots.From);

    /// <summary>Whether any worker has taken a partition that is set by hand.</summary>
    public bool HasStaticOwners => Workers.Exists(worker => worker.Static is not null);

    /// <summary>Replaces the checkpoints. A row that keeps its key keeps its lock, so that whoever waits for it sees the new stamp.</summary>
    public void Recut(ImmutableArray<Checkpoint> wanted)
    {
        Dictionary<(string, int, int), InMemoryCheckpoint> before = Checkpoints.ToDictionary(row => (row.Value.Projection, row.Value.Version, row.Value.Slots.From));
        Checkpoints.Clear();
        foreach (Checkpoint value in wanted)
        {
            InMemoryCheckpoint row = before.GetValueOrDefault((value.Projection, value.Version, value.Slots.From)) ?? new InMemoryCheckpoint(value);
            row.Value = value;
            Checkpoints.Add(row);
        }
    }

    /// <summary>Rolls back the batches that nobody waits for.</summary>
    public void EndBatches(Func<InMemoryBatch, bool> condition)
    {
        foreach (InMemoryBatch batch in Checkpoints.Select(row => row.Batch).OfType<InMemoryBatch>().Where(condition).ToArray())
        {
            batch.End();
        }
    }

    /// <summary>Rolls back what holds a row that a transition waits for in vain: batches of workers that are gone, or that have been waited for long enough.</summary>
    public void EndBatchesInTheWay(ImmutableArray<Guid> excused) => EndBatches(batch => Find(batch.WorkerId) is null || excused.Contains(batch.WorkerId));

    public void Notify() => Notifications.Publish(++_version);
}

/// <summary>A worker's row.</summary>
internal sealed class InMemoryWorker(WorkerRegistration registration, InMemoryControlSession session)
{
    public WorkerRegistration Registration { get; } = registration;

    public InMemoryControlSession Session { get; } = session;

    public long AcknowledgedGeneration { get; set; }

    public long HeartbeatSequence { get; set; }

    /// <summary>The partition set by hand that it has taken.</summary>
    public StaticPartition? Static { get; set; }
}

/// <summary>A checkpoint's row.</summary>
internal sealed class InMemoryCheckpoint(Checkpoint value)
{
    public Checkpoint Value { get; set; } = value;

    public InMemoryLock RowLock { get; } = new();

    /// <summary>The batch that holds the lock, if one does.</summary>
    public InMemoryBatch? Batch { get; set; }
}
