namespace Orchestrator.Hosting.Inspection;

/// <summary>
/// Where everything stands, as the database has it: replica sets, workers, generations, and how far each projection is. Only reads, waits for no lock but that of a migration, and needs no more than a reader's rights. Cheap on a log of any
/// length. For dashboards and the command line; a worker decides nothing by it. Among the services with <c>UsePostgreSql</c> or <c>AddPostgreSqlEventStore</c>.
/// </summary>
public interface IOrchestratorInspector
{
    /// <summary>Looks once: all that is reported is of one moment.</summary>
    /// <param name="replicaSet">The replica set to report; null: all of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The report. A replica set that no worker has ever registered for is not in it.</returns>
    Task<OrchestratorReport> InspectAsync(string? replicaSet = null, CancellationToken cancellationToken = default);

    /// <summary>Reads the newest generations, those that are over included.</summary>
    /// <param name="replicaSet">Of which replica set; null: of all of them.</param>
    /// <param name="count">How many at most; 1 or more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The generations, the newest first.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    Task<IReadOnlyList<GenerationReport>> ReadGenerationsAsync(string? replicaSet, int count, CancellationToken cancellationToken = default);
}
