namespace Orchestrator.Hosting.Errors;

/// <summary>Tells whose fault an exception is.</summary>
internal interface IErrorClassifier
{
    /// <summary>Whether an error that came out of a handler, or of a statement that it enqueued, is the infrastructure's (connection, resources, deadlock, shutdown): waiting may mend it, and no event is to blame.</summary>
    /// <param name="exception">The error.</param>
    /// <returns>True for infrastructure, false for the handler or its event.</returns>
    bool IsInfrastructure(Exception exception);
}
