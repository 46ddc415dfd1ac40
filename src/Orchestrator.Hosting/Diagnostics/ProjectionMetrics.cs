namespace Orchestrator.Hosting.Diagnostics;

/// <summary>Records for one projection. Without instruments it does nothing.</summary>
internal sealed class ProjectionMetrics(OrchestratorMetrics? instruments, string replicaSet, string projection)
{
    private readonly KeyValuePair<string, object?> _replicaSet = new("replica_set", replicaSet);
    private readonly KeyValuePair<string, object?> _projection = new("projection", projection);

    /// <summary>A batch has taken effect.</summary>
    /// <param name="events">How many events were handled.</param>
    /// <param name="took">From its begin to its commit.</param>
    public void BatchCommitted(int events, TimeSpan took)
    {
        if (instruments is null || events == 0)
        {
            return;
        }

        instruments.EventsProcessed.Add(events, _replicaSet, _projection);
        instruments.BatchSize.Record(events, _replicaSet, _projection);
        instruments.BatchDuration.Record(took.TotalSeconds, _replicaSet, _projection);
    }

    /// <summary>A batch has failed.</summary>
    /// <param name="infrastructure">Whether the database was to blame, and not the handler.</param>
    /// <param name="retried">Whether it is tried again.</param>
    public void BatchFailed(bool infrastructure, bool retried)
    {
        if (!infrastructure)
        {
            instruments?.ProjectionErrors.Add(1, _replicaSet, _projection);
        }

        if (retried && instruments is { Retries.Enabled: true })
        {
            instruments.Retries.Add(1, _replicaSet, _projection, new KeyValuePair<string, object?>("cause", infrastructure ? "infrastructure" : "handler"));
        }
    }

    /// <summary>The fence has refused a batch.</summary>
    public void Fenced() => instruments?.FencedCommits.Add(1, _replicaSet, _projection);
}
