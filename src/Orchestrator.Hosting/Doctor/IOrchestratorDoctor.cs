namespace Orchestrator.Hosting.Doctor;

/// <summary>Looks for what holds projections up. Reads only, locks nothing, and needs no running host: the provider's services are enough. In PostgreSQL the reader's role suffices.</summary>
public interface IOrchestratorDoctor
{
    /// <summary>Looks at who holds the horizon back: the transactions that have appended and are still open.</summary>
    /// <param name="showStatements">Whether to show each one's last statement, without its literal values. False by default: table names and comments are somebody's business, too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found at this moment. Short appends that come and go are normal, and listed.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer, or lacks the tables.</exception>
    Task<HorizonReport> ExamineHorizonAsync(bool showStatements = false, CancellationToken cancellationToken = default);

    /// <summary>Looks at everything that the tables tell, of every replica set: the horizon, the workers, who owns which slots, how far the checkpoints are.</summary>
    /// <param name="showStatements">As with <see cref="ExamineHorizonAsync"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found. What only a worker itself knows, as a handler that keeps failing, its health checks and its log say.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer, or lacks the tables.</exception>
    Task<DoctorReport> ExamineAsync(bool showStatements = false, CancellationToken cancellationToken = default);
}
