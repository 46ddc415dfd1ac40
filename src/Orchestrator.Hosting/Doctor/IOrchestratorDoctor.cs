namespace Orchestrator.Hosting.Doctor;

/// <summary>Looks for what holds projections up. Reads only, locks nothing, and needs no running host: the provider's services are enough. In PostgreSQL the reader's role suffices.</summary>
public interface IOrchestratorDoctor
{
    /// <summary>Looks at who holds the horizon back: the transactions that have appended and are still open.</summary>
    /// <param name="showStatements">Whether to show each one's last statement, without its literal values. False by default: table names and comments are somebody's business, too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found at this moment. Short appends that come and go are normal, and listed.</returns>
    Task<HorizonReport> ExamineHorizonAsync(bool showStatements = false, CancellationToken cancellationToken = default);
}
