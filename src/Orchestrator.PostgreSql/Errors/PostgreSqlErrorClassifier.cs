using Npgsql;
using Orchestrator.Hosting.Errors;

namespace Orchestrator.PostgreSql.Errors;

/// <summary>
/// Tells a handler's errors from the infrastructure's, by the SQLSTATE anywhere inside an exception (https://www.postgresql.org/docs/current/errcodes-appendix.html). The doubtful are the
/// infrastructure's: waiting without need is visible and loses nothing, while an event that is set aside without fault is missed.
/// </summary>
internal sealed class PostgreSqlErrorClassifier : IErrorClassifier
{
    public bool IsInfrastructure(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Tree(exception).Any(IsInfrastructureItself);
    }

    private static bool IsInfrastructureItself(Exception exception) => exception switch
    {
        PostgresException error => !IsHandlers(error.SqlState),

        // Without a SQLSTATE the server has not answered: no connection, a broken one, none left in the pool, no answer in time.
        NpgsqlException => !Tree(exception.InnerException).OfType<PostgresException>().Any(),
        TimeoutException => exception.Source == "Npgsql",
        ObjectDisposedException disposed => disposed.ObjectName.Contains("Npgsql", StringComparison.Ordinal),
        _ => false,
    };

    private static bool IsHandlers(string sqlState) =>
        sqlState is PostgresErrorCodes.QueryCanceled // a statement of the handler's ran for too long
            or PostgresErrorCodes.InFailedSqlTransaction // the handler caught an error and went on; only a new transaction helps, and it would fail again
        || sqlState[..2] is "22" // the event's data do not fit
            or "23" // a constraint does not hold
            or "42" // the statement is wrong: a missing table, no right to it
            or "P0"; // raised by a function

    private static IEnumerable<Exception> Tree(Exception? exception) => exception switch
    {
        null => [],
        AggregateException aggregate => aggregate.InnerExceptions.SelectMany(Tree).Prepend(exception),
        _ => Tree(exception.InnerException).Prepend(exception),
    };
}
