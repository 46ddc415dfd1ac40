using Microsoft.Extensions.Logging;

namespace Orchestrator.PostgreSql;

/// <summary>What the PostgreSQL provider logs. Never a payload, never a connection string. Event store 3000, event log 4000, membership and checkpoints 5000.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Warning, "Could not {Transition} in replica set '{ReplicaSet}': a lock did not come in time. It was held by: {Holders}. It is tried again")]
    public static partial void TransitionGaveUp(this ILogger logger, Exception exception, string transition, string replicaSet, string holders);

    [LoggerMessage(5001, LogLevel.Warning, "Ended the session with process id {ProcessId} ('{ApplicationName}'): its worker is over, and it held a lock that replica set '{ReplicaSet}' waited for")]
    public static partial void BlockingSessionEnded(this ILogger logger, int processId, string applicationName, string replicaSet);

    [LoggerMessage(5002, LogLevel.Warning, "Could not look at who holds a lock that replica set '{ReplicaSet}' waits for")]
    public static partial void BlockersUnknown(this ILogger logger, Exception exception, string replicaSet);

    [LoggerMessage(5003, LogLevel.Information, "Ended the session with process id {ProcessId} of a worker that was removed from replica set '{ReplicaSet}'")]
    public static partial void RemovedWorkersSessionEnded(this ILogger logger, int processId, string replicaSet);
}
