using Microsoft.Extensions.Logging;

namespace Orchestrator.PostgreSql.Diagnostics;

/// <summary>What the PostgreSQL provider logs. Never a payload, never a connection string. Event store 3000, event log 4000, membership and checkpoints 5000.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Debug, "Appended {Count} events to {AggregateType} '{AggregateId}': versions {FirstVersion} to {LastVersion}, positions {FirstPosition} to {LastPosition}")]
    public static partial void Appended(
        this ILogger logger, int count, string aggregateType, string aggregateId, long firstVersion, long lastVersion, long firstPosition, long lastPosition);

    [LoggerMessage(3001, LogLevel.Debug, "Appended {Count} events to {Aggregates} aggregates: positions {FirstPosition} to {LastPosition}")]
    public static partial void AppendedBulk(this ILogger logger, int count, int aggregates, long firstPosition, long lastPosition);

    [LoggerMessage(3002, LogLevel.Debug, "Did not append {Count} events to {Aggregates} aggregates, {Reason}: {Explanation}")]
    public static partial void AppendRefused(this ILogger logger, int count, int aggregates, string reason, string explanation);

    [LoggerMessage(3003, LogLevel.Debug, "Read {Count} events of {AggregateType} '{AggregateId}' from version {FromVersion} to {ToVersion}; it is at version {Version}")]
    public static partial void ReadStream(this ILogger logger, int count, string aggregateType, string aggregateId, long fromVersion, long? toVersion, long version);

    [LoggerMessage(3004, LogLevel.Debug, "Read {Count} events after position {AfterPosition}, at most {MaxCount}")]
    public static partial void ReadAll(this ILogger logger, int count, long afterPosition, int maxCount);

    [LoggerMessage(3100, LogLevel.Information, "Applied migration {Version} ({Name})")]
    public static partial void MigrationApplied(this ILogger logger, int version, string name);

    [LoggerMessage(3101, LogLevel.Information, "The schema is at version {Version}; there is nothing to migrate")]
    public static partial void SchemaUpToDate(this ILogger logger, int version);

    [LoggerMessage(4000, LogLevel.Warning,
        "An open append holds projections back at position {Horizon} of {LastValue} for {HeldFor}. It never costs an event, but nothing behind it is applied until it ends. "
        + "Holder: pid {Pid}, prepared transaction {PreparedTransaction}, application {ApplicationName}, user {UserName}, open for {Age}, {State}, last statement: {LastStatement} ({Others} others)")]
    public static partial void HorizonHeld(
        this ILogger logger, long horizon, long lastValue, TimeSpan heldFor, int? pid, string? preparedTransaction, string? applicationName, string? userName, TimeSpan? age, string? state, string? lastStatement, int others);

    [LoggerMessage(4001, LogLevel.Warning, "The session that listens for appends was lost; projections poll until it is back. Next attempt in {Delay}")]
    public static partial void ListenerLost(this ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(4002, LogLevel.Debug, "A notification of appends was not sent; readers notice at their next poll")]
    public static partial void NotificationLost(this ILogger logger, Exception exception);

    [LoggerMessage(5000, LogLevel.Warning, "Could not {Transition} in replica set '{ReplicaSet}': a lock did not come in time. It was held by: {Holders}. It is tried again")]
    public static partial void TransitionGaveUp(this ILogger logger, Exception exception, string transition, string replicaSet, string holders);

    [LoggerMessage(5001, LogLevel.Warning, "Ended the session with process id {ProcessId} ('{ApplicationName}'): its worker is over, and it held a lock that replica set '{ReplicaSet}' waited for")]
    public static partial void BlockingSessionEnded(this ILogger logger, int processId, string applicationName, string replicaSet);

    [LoggerMessage(5002, LogLevel.Warning, "Could not look at who holds a lock that replica set '{ReplicaSet}' waits for")]
    public static partial void BlockersUnknown(this ILogger logger, Exception exception, string replicaSet);

    [LoggerMessage(5003, LogLevel.Information, "Ended the session with process id {ProcessId} of a worker that was removed from replica set '{ReplicaSet}'")]
    public static partial void RemovedWorkersSessionEnded(this ILogger logger, int processId, string replicaSet);
}
