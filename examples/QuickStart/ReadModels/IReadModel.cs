using Orchestrator.Projections;

namespace QuickStart.ReadModels;

/// <summary>Where the projections write, and the checker reads. What is written belongs to the batch: it counts when the batch commits, and only then.</summary>
internal interface IReadModel
{
    /// <summary>Adds one event to a file's churn.</summary>
    void Add(ProjectionContext context, ChurnRow row);

    /// <summary>Adds to an author's contribution.</summary>
    void Add(ProjectionContext context, ContributionRow row);

    /// <summary>Adds to a day's activity.</summary>
    void Add(ProjectionContext context, ActivityRow row);

    Task<ReadModelSnapshot> ReadAsync(CancellationToken cancellationToken);
}
