namespace Orchestrator.Hosting.Configuration;

/// <summary>What one projection does differently from its replica set. Bound from <c>Orchestrator:ReplicaSets:&lt;name&gt;:Projections:&lt;name&gt;</c>, which wins over code.</summary>
public sealed class ProjectionOptions
{
    /// <summary>The most events of one transaction; null: the replica set's <see cref="ReplicaSetOptions.BatchSize"/>. 1 to 100,000.</summary>
    public int? BatchSize { get; set; }

    /// <summary>A batch that has run for this long commits what it has done; null: the replica set's <see cref="ReplicaSetOptions.MaxBatchDuration"/>. 1 ms to 10 min.</summary>
    public TimeSpan? MaxBatchDuration { get; set; }

    /// <summary>
    /// How many effects of a batch run at the same time, for an <see cref="Orchestrator.Projections.IEffectHandler"/>; without meaning for other projections. Those of one aggregate still run one after
    /// another. Default: 1. 1 to 1,000.
    /// </summary>
    public int MaxConcurrency { get; set; } = 1;

    /// <summary>The aggregate types wanted, compared exactly; empty: what the projection's attribute says, else all.</summary>
    public IList<string> AggregateTypes { get; } = [];

    /// <summary>The event types wanted, compared exactly; empty: what the projection's attribute says, else those that it has typed handlers for (unless it refuses unknown events), else all.</summary>
    public IList<string> EventTypes { get; } = [];

    /// <summary>What happens to an event without a typed handler (<c>IHandle&lt;TEvent&gt;</c>); without meaning for other projections. Default: <see cref="UnknownEvents.Ignore"/>.</summary>
    public UnknownEvents UnknownEvents { get; set; }

    /// <summary>What happens when the handler fails. Default: what the replica set's <see cref="ReplicaSetOptions.Retry"/> says, value by value.</summary>
    public ProjectionRetryOptions Retry { get; } = new();

    /// <summary>How far behind it may be before health complains. Default: as for all projections, value by value.</summary>
    public ProjectionLagOptions Lag { get; } = new();
}
