using System.Data.Common;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Errors;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.Processing;

/// <summary>
/// What follows from a failed batch. A handler's failure is tried again with growing pauses, a limited number of times, and then stops the row; the infrastructure's is tried again for ever, and so is
/// every database error of the fence's own statements; anything else is a bug of ours and goes up. A row waits by a timestamp and not in place, so that a failing one never holds up its neighbours.
/// </summary>
internal sealed class RowFailures(ProjectionDefinition projection, string replicaSet, IErrorClassifier errors, ExecutionEnvironment environment, ILogger logger)
{
    /// <summary>Judges a failure and sets when the row is tried again.</summary>
    /// <param name="cursor">The row.</param>
    /// <param name="exception">What came out of the attempt.</param>
    /// <returns>True when the outcome of the attempt is unknown: the row must be read again.</returns>
    public bool Handle(RowCursor cursor, Exception exception)
    {
        var handlers = exception as HandlerFailedException;
        Exception cause = handlers?.Cause ?? exception;
        cursor.LastFailure = cause;
        if (errors.IsInfrastructure(cause) || (handlers is null && exception is DbException))
        {
            HandleInfrastructure(cursor, cause);
            return true;
        }

        if (handlers is null)
        {
            // A bug of ours, or a log that has been rewound: going on would make it worse. As it is, with its own message.
            ExceptionDispatchInfo.Throw(exception);
        }

        HandleHandler(cursor, cause, handlers);
        return false;
    }

    /// <summary>An attempt has ended without a failure: says what is over by that.</summary>
    /// <param name="cursor">The row.</param>
    /// <param name="handlerFailures">How often its handler had failed in a row before the attempt.</param>
    public void Worked(RowCursor cursor, int handlerFailures)
    {
        if (cursor.Stall?.Ends() is { } over)
        {
            cursor.InfrastructureWorks();
            logger.InfrastructureWorksAgain(replicaSet, projection.Name, cursor.Slots, over.Failures, over.Lasted);
        }

        if (handlerFailures > 0 && cursor.HandlerFailures == 0)
        {
            logger.HandlerWorksAgain(replicaSet, projection.Name, cursor.Slots, handlerFailures, cursor.Position);
        }
    }

    private void HandleInfrastructure(RowCursor cursor, Exception cause)
    {
        cursor.InfrastructureFailed();
        TimeSpan pause = Backoff.Infrastructure.Delay(cursor.InfrastructureFailures, environment.Random);
        cursor.NotBefore = environment.Time.GetTimestampAfter(pause);
        cursor.Stall ??= new Stall(environment.Time);
        LogLevel level = cursor.Stall.Fails(cause);
        logger.InfrastructureFailed(level, cause, replicaSet, projection.Name, cursor.Slots, cursor.InfrastructureFailures, pause);
    }

    private void HandleHandler(RowCursor cursor, Exception cause, HandlerFailedException failed)
    {
        cursor.HandlerFailed(failed.Culprit is not null);
        if (cause is BatchTransactionEndedException { End: TransactionEnd.Committed })
        {
            // Whatever else can be tried: another attempt would write again what is in the read model already.
            cursor.StoppedBy = cause;
            logger.HandlerCommitted(cause, replicaSet, projection.Name, cursor.Slots, cursor.Position, failed.FirstPosition, failed.LastPosition);
            return;
        }

        RetryPolicy retry = projection.Retry;
        if (failed.Culprit is { } culprit && cursor.SingleFailures >= retry.MaxAttempts)
        {
            cursor.StoppedBy = cause;
            logger.ProjectionStopped(
                cause, replicaSet, projection.Name, cursor.Slots, cursor.SingleFailures, culprit.GlobalPosition, culprit.EventType, culprit.AggregateVersion, culprit.AggregateType, culprit.AggregateId);
            return;
        }

        TimeSpan pause = new Backoff(retry.InitialDelay, retry.MaxDelay, retry.JitterFactor).Delay(cursor.HandlerFailures, environment.Random);
        cursor.NotBefore = environment.Time.GetTimestampAfter(pause);
        logger.HandlerFailed(cause, replicaSet, projection.Name, cursor.Slots, cursor.Position, cursor.HandlerFailures, failed.Events, pause);
    }
}
