namespace Orchestrator.Hosting.Configuration;

/// <summary>How one replica set coordinates and processes. Bound from <c>Orchestrator:ReplicaSets:&lt;name&gt;</c>, which wins over code.</summary>
public sealed class ReplicaSetOptions
{
    /// <summary>Whether this process runs the replica set. One image can so be deployed in several roles. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The most workers that share the log at the same time; the others stand by, registered and without a partition, and take over when one goes. The same in every process. Default: null, no limit; 1 to 32,768.
    /// </summary>
    public int? MaxWorkers { get; set; }

    /// <summary>
    /// How the log is divided anew when workers come and go. The leader's choice counts for all, so it can change from one deployment to the next. Has no meaning with <see cref="PartitionKey"/>. Default:
    /// <see cref="RebalanceStrategy.Recreate"/>.
    /// </summary>
    public RebalanceStrategy Strategy { get; set; }

    /// <summary>
    /// The partition that this process takes, and keeps: for platforms that number their processes, as a StatefulSet does. Every number below <see cref="TotalPartitions"/> must be some process's, and no
    /// number two's. Needs <see cref="TotalPartitions"/>, and excludes <see cref="MaxWorkers"/>. Default: null, the workers share the log among themselves; 0 to <see cref="TotalPartitions"/> - 1.
    /// </summary>
    public int? PartitionKey { get; set; }

    /// <summary>
    /// How many partitions the log is divided into when they are set by hand. The same in every process; to change it, stop them all. Needs <see cref="PartitionKey"/>. Default: null; 1 to 32,768.
    /// </summary>
    public int? TotalPartitions { get; set; }

    /// <summary>
    /// In how many parts a worker runs its share of each projection at the same time. Events of one aggregate stay in one lane, and in order. Each lane of each projection uses a connection while it
    /// works. Default: 1; 1 to 64.
    /// </summary>
    public int Lanes { get; set; } = 1;

    /// <summary>How often a worker shows that it is alive. Default: 5 s; 50 ms to 1 min.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a heartbeat may stand still before the worker counts as frozen or cut off and is replaced. At least four heartbeats. A worker whose process ends is noticed
    /// at once, by its freed lock. Default: 30 s; 200 ms to 10 min.
    /// </summary>
    public TimeSpan StaleWorkerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a forming generation waits for workers to drain before it goes on without their word. Default: 60 s; 100 ms to 1 h.</summary>
    public TimeSpan CoordinationTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long workers that join may be waited for, so that a rollout of many causes few pauses. Default: 5 s; 0 to 5 min.</summary>
    public TimeSpan RegistrationWaitTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long no further worker must have joined before those that have are taken in. Default: 250 ms; 0 to <see cref="RegistrationWaitTime"/>.</summary>
    public TimeSpan JoinQuietTime { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the leader looks for workers that are gone. Default: 250 ms; 10 ms to 1 min.</summary>
    public TimeSpan CoordinationInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause between two looks at an idle log; notifications usually come first. Default: 1 s; 1 ms to 10 min.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The most events of one transaction, for projections that set none of their own. How many a batch really has follows from the events' size and from how long the last batches took: it should be done in
    /// a quarter of <see cref="MaxBatchDuration"/>. Default: 1,000; 1 to 100,000.
    /// </summary>
    public int BatchSize { get; set; } = 1_000;

    /// <summary>A batch that has run for this long commits what it has done; one of ordinary length takes a quarter of it at most. Default: 1 s; 1 ms to 10 min.</summary>
    public TimeSpan MaxBatchDuration { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The most events that are read from the log at once, for all projections together. Default: 1,000; 1 to 100,000.</summary>
    public int PageSize { get; set; } = 1_000;

    /// <summary>About the most bytes of payload that are read from the log at once. Default: 4 MiB; 1 KiB to 256 MiB.</summary>
    public int PageBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>About the most bytes of pages that a worker keeps for its slower projections. Default: 32 MiB; 1 KiB to 4 GiB.</summary>
    public long PageCacheBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>How long a worker that stops may take to finish the batches in hand; then they are cancelled and rolled back. Keep it below the host's ShutdownTimeout. Default: 20 s; 0 to 1 h.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// In what time a backlog should be worked off: what <c>orchestrator.desired_workers</c> asks workers for. It changes nothing by itself; an autoscaler follows it. Default: 2 min; 1 s to 12 h.
    /// </summary>
    public TimeSpan CatchUpTarget { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>For how long fewer workers must have been enough before <c>orchestrator.desired_workers</c> asks for fewer. Default: 5 min; 0 to 12 h.</summary>
    public TimeSpan ScaleDownPatience { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Whether each event that is handled gets an activity of its own, in the trace that the event belongs to. One a batch is there in any case, where somebody listens. Default: false; with many small events
    /// it costs more than they do.
    /// </summary>
    public bool TraceEvents { get; set; }

    /// <summary>What happens when a handler fails, for projections that set nothing of their own.</summary>
    public RetryOptions Retry { get; set; } = new();
}
