using Setting = Orchestrator.Hosting.Configuration.Setting<Orchestrator.Hosting.Configuration.ReplicaSetOptions>;

namespace Orchestrator.Hosting.Configuration;

/// <summary>What the section of a replica set may hold.</summary>
internal static class ReplicaSetSettings
{
    public static IReadOnlyList<Setting> All { get; } =
    [
        Setting.Flag("Enabled", o => o.Enabled, (o, value) => o.Enabled = value, "Whether this process runs the replica set."),
        Setting.Range("MaxWorkers", "workers", o => o.MaxWorkers, (o, value) => o.MaxWorkers = value, 1, 32_768, "The most workers that share the log at the same time; the others stand by. The same in every process."),
        Setting.Choice<RebalanceStrategy>("Strategy", o => o.Strategy, (o, value) => o.Strategy = value, "How the log is divided anew when workers come and go: all pause for a moment, or only slots that change hands. The leader's choice counts."),
        Setting.Range("PartitionKey", "", o => o.PartitionKey, (o, value) => o.PartitionKey = value, 0, 32_767, "The partition that this process takes and keeps, below `TotalPartitions`; no two processes may have the same. Excludes `MaxWorkers`."),
        Setting.Range("TotalPartitions", "partitions", o => o.TotalPartitions, (o, value) => o.TotalPartitions = value, 1, 32_768, "How many partitions the log is divided into when they are set by hand, with `PartitionKey`. The same in every process; to change it, stop them all."),
        Setting.Range("Lanes", "lanes", o => o.Lanes, (o, value) => o.Lanes = value, 1, 64, "In how many parts a worker runs its share of each projection at the same time."),
        Setting.Duration("HeartbeatInterval", o => o.HeartbeatInterval, (o, value) => o.HeartbeatInterval = value, Milliseconds(50), Minutes(1), "How often a worker shows that it is alive."),
        Setting.Duration("StaleWorkerTimeout", o => o.StaleWorkerTimeout, (o, value) => o.StaleWorkerTimeout = value, Milliseconds(200), Minutes(10), "How long a heartbeat may stand still before the worker counts as frozen or cut off and is replaced; at least four times `HeartbeatInterval`. A process that ends is noticed at once."),
        Setting.Duration("CoordinationTimeout", o => o.CoordinationTimeout, (o, value) => o.CoordinationTimeout = value, Milliseconds(100), Minutes(60), "How long a forming generation waits for workers to drain before it goes on without their word."),
        Setting.Duration("RegistrationWaitTime", o => o.RegistrationWaitTime, (o, value) => o.RegistrationWaitTime = value, TimeSpan.Zero, Minutes(5), "How long workers that join may be waited for, so that a rollout of many causes few pauses."),
        Setting.Duration("JoinQuietTime", o => o.JoinQuietTime, (o, value) => o.JoinQuietTime = value, TimeSpan.Zero, Minutes(5), "How long no further worker must have joined before those that have are taken in; at most `RegistrationWaitTime`."),
        Setting.Duration("CoordinationInterval", o => o.CoordinationInterval, (o, value) => o.CoordinationInterval = value, Milliseconds(10), Minutes(1), "How often the leader looks for workers that are gone."),
        Setting.Duration("PollInterval", o => o.PollInterval, (o, value) => o.PollInterval = value, Milliseconds(1), Minutes(10), "The longest pause between two looks at an idle log; notifications usually come first.") with { Reloads = true },
        Setting.Range("BatchSize", "events", o => o.BatchSize, (o, value) => o.BatchSize = value, 1, 100_000, "The most events of one transaction, for projections that set none of their own; fewer where the handler takes long.") with { Reloads = true },
        Setting.Duration("MaxBatchDuration", o => o.MaxBatchDuration, (o, value) => o.MaxBatchDuration = value, Milliseconds(1), Minutes(10), "A batch that has run for this long commits what it has done.") with { Reloads = true },
        Setting.Range("PageSize", "events", o => o.PageSize, (o, value) => o.PageSize = value, 1, 100_000, "The most events that are read from the log at once, for all projections together."),
        Setting.Range("PageBytes", "bytes", o => o.PageBytes, (o, value) => o.PageBytes = value, 1_024, 256 * 1_024 * 1_024, "About the most payload that is read from the log at once."),
        Setting.Range("PageCacheBytes", "bytes", o => o.PageCacheBytes, (o, value) => o.PageCacheBytes = value, 1_024L, 4L * 1_024 * 1_024 * 1_024, "About the most bytes of pages that a worker keeps for its slower projections."),
        Setting.Duration("DrainTimeout", o => o.DrainTimeout, (o, value) => o.DrainTimeout = value, TimeSpan.Zero, Minutes(60), "How long a worker that stops may take to finish the batches in hand; then they are rolled back. Keep it below the host's `ShutdownTimeout`."),
        Setting.Duration("CatchUpTarget", o => o.CatchUpTarget, (o, value) => o.CatchUpTarget = value, TimeSpan.FromSeconds(1), Minutes(720), "In what time a backlog should be worked off: what `orchestrator_desired_workers` asks workers for.") with { Reloads = true },
        Setting.Duration("ScaleDownPatience", o => o.ScaleDownPatience, (o, value) => o.ScaleDownPatience = value, TimeSpan.Zero, Minutes(720), "For how long fewer workers must have been enough before `orchestrator_desired_workers` asks for fewer.") with { Reloads = true },
        Setting.Flag("TraceEvents", o => o.TraceEvents, (o, value) => o.TraceEvents = value, "Whether each event that is handled gets an activity, in the trace that it belongs to; one a batch is there in any case."),
        .. RetrySettings.OfReplicaSet,
    ];

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    private static TimeSpan Minutes(int count) => TimeSpan.FromMinutes(count);
}
