using System.Collections.Immutable;

namespace Orchestrator.Hosting.Diagnostics;

/// <summary>A worker's place, as its watch loop last read it.</summary>
/// <param name="GenerationId">The active generation, or null: there is none yet.</param>
/// <param name="Partition">The worker's partition, or null: it stands by.</param>
/// <param name="TotalPartitions">How many partitions the active generation has.</param>
/// <param name="FormingId">The generation that forms, or null.</param>
internal sealed record WorkerPlace(long? GenerationId, int? Partition, int TotalPartitions, long? FormingId);

/// <summary>What the loops of one worker id know. Each value is immutable and has one loop that writes it; nothing is locked, so that looking never holds up a loop.</summary>
/// <param name="workerId">The worker.</param>
/// <param name="staleAfter">How long its heartbeat may stand still.</param>
/// <param name="time">The clock.</param>
/// <param name="metrics">Where what happens is counted; null: nowhere.</param>
internal sealed class WorkerStatus(Guid workerId, TimeSpan staleAfter, TimeProvider time, ReplicaSetMetrics? metrics = null)
{
    private ImmutableList<ProjectionStatus> _projections = [];
    private volatile WorkerPlace? _place;
    private volatile string? _refusal;
    private volatile bool _leads;
    private volatile int _rosterSize;
    private long _confirmedAt = time.GetTimestamp();

    public Guid WorkerId { get; } = workerId;

    /// <summary>Where what happens is counted.</summary>
    public ReplicaSetMetrics Metrics { get; } = metrics ?? ReplicaSetMetrics.None;

    /// <summary>The heartbeat loop.</summary>
    public LoopPulse Heartbeat { get; } = new(time);

    /// <summary>The generation watch loop.</summary>
    public LoopPulse Watch { get; } = new(time);

    /// <summary>The partition worker loop. Rests while it waits for orders, and while its runners work: they have pulses of their own.</summary>
    public LoopPulse Work { get; } = new(time);

    /// <summary>Where the worker stands; null before it has looked.</summary>
    public WorkerPlace? Place
    {
        get => _place;
        set => _place = value;
    }

    /// <summary>Why the worker cannot have a place, because of how others are set up; null when nothing is in the way.</summary>
    public string? Refusal
    {
        get => _refusal;
        set => _refusal = value;
    }

    /// <summary>Whether the worker leads, as it last saw.</summary>
    public bool Leads
    {
        get => _leads;
        set => _leads = value;
    }

    /// <summary>How many workers were on the roster when this one last read it, which it does while it leads.</summary>
    public int RosterSize
    {
        get => _rosterSize;
        set => _rosterSize = value;
    }

    /// <summary>How long ago the last confirmed heartbeat was sent; the registration counts as the first.</summary>
    public TimeSpan SinceConfirmed => time.GetElapsedTime(Interlocked.Read(ref _confirmedAt));

    /// <summary>Whether the last confirmed heartbeat is young enough for batches to begin.</summary>
    public bool HeartbeatIsFresh => SinceConfirmed < staleAfter / 2;

    /// <summary>The projections that run now.</summary>
    public IReadOnlyList<ProjectionStatus> Projections => Volatile.Read(ref _projections);

    /// <summary>A heartbeat has been answered.</summary>
    /// <param name="sentAt">The timestamp from before it was sent.</param>
    public void Confirmed(long sentAt) => Interlocked.Exchange(ref _confirmedAt, sentAt);

    /// <summary>Shows a projection for as long as it runs.</summary>
    /// <param name="projection">What its runner writes to.</param>
    /// <returns>To be disposed when it has ended.</returns>
    public IDisposable Show(ProjectionStatus projection)
    {
        ImmutableInterlocked.Update(ref _projections, static (list, added) => list.Add(added), projection);
        return new Shown(this, projection);
    }

    private sealed class Shown(WorkerStatus owner, ProjectionStatus projection) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref owner._projections, static (list, ended) => list.Remove(ended), projection);
    }
}
