using System.Diagnostics.Metrics;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.Diagnostics;

/// <summary>Records for one replica set. Without instruments, as in the simulation, it does nothing.</summary>
internal sealed class ReplicaSetMetrics(OrchestratorMetrics? instruments, string replicaSet)
{
    private readonly KeyValuePair<string, object?> _replicaSet = new("replica_set", replicaSet);

    /// <summary>Records nothing.</summary>
    public static ReplicaSetMetrics None { get; } = new(null, "");

    /// <summary>Records for one of its projections.</summary>
    public ProjectionMetrics Of(string projection) => new(instruments, replicaSet, projection);

    /// <summary>A worker is on the roster.</summary>
    public void WorkerRegistered() => instruments?.WorkersRegistered.Add(1, _replicaSet);

    /// <summary>A generation has given this worker a partition.</summary>
    public void PartitionAssigned() => instruments?.PartitionAssignments.Add(1, _replicaSet);

    /// <summary>A heartbeat has been answered.</summary>
    /// <param name="sentAt">The timestamp from before it was sent.</param>
    public void HeartbeatAnswered(long sentAt) => RecordSince(instruments?.HeartbeatLatency, sentAt);

    /// <summary>The projections have ended, and others may begin.</summary>
    /// <returns>For <see cref="PauseEnded"/>.</returns>
    public long PauseBegins() => TimestampFor(instruments?.PauseDuration);

    /// <summary>Projections begin.</summary>
    /// <param name="begunAt">When the last ones ended; 0: there were none, or nobody listened.</param>
    public void PauseEnded(long begunAt) => RecordSince(instruments?.PauseDuration, begunAt);

    /// <summary>A generation forms.</summary>
    /// <returns>For <see cref="GenerationActivated"/>.</returns>
    public long GenerationFormed()
    {
        instruments?.Reconfigurations.Add(1, _replicaSet);
        return TimestampFor(instruments?.CoordinationDuration);
    }

    /// <summary>A generation is active.</summary>
    /// <param name="formedAt">When it was formed; 0: another worker did that, or nobody listened.</param>
    public void GenerationActivated(long formedAt)
    {
        instruments?.Generations.Add(1, _replicaSet);
        RecordSince(instruments?.CoordinationDuration, formedAt);
    }

    /// <summary>A worker has been taken off the roster.</summary>
    public void WorkerCleaned(RemovalReason reason)
    {
        if (instruments is { WorkersCleaned.Enabled: true })
        {
            instruments.WorkersCleaned.Add(1, _replicaSet, new KeyValuePair<string, object?>("reason", reason == RemovalReason.Dead ? "dead" : "stale"));
        }
    }

    private long TimestampFor(Histogram<double>? duration) => duration is { Enabled: true } ? instruments!.Time.GetTimestamp() : 0;

    private void RecordSince(Histogram<double>? duration, long startedAt)
    {
        if (startedAt != 0 && duration is { Enabled: true })
        {
            duration.Record(instruments!.Time.GetElapsedTime(startedAt).TotalSeconds, _replicaSet);
        }
    }
}
