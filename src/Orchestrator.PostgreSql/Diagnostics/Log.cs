using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.PostgreSql.Diagnostics;

/// <summary>
/// What the PostgreSQL provider logs. Never a payload, never a connection string. Event store 3000, event log 4000, membership and checkpoints 5000. A message without a level of its own belongs to a
/// <see cref="Stall"/>, which says it loudly once a minute for each cause. docs/logs.md has them all.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Debug, "Events appended to {AggregateType} '{AggregateId}': {Count}; versions {FirstVersion} to {LastVersion}, positions {FirstPosition} to {LastPosition}")]
    public static partial void Appended(
        this ILogger logger, int count, string aggregateType, string aggregateId, long firstVersion, long lastVersion, long firstPosition, long lastPosition);

    [LoggerMessage(3001, LogLevel.Debug, "Events appended: {Count}, to aggregates: {Aggregates}; positions {FirstPosition} to {LastPosition}")]
    public static partial void AppendedBulk(this ILogger logger, int count, int aggregates, long firstPosition, long lastPosition);

    [LoggerMessage(3002, LogLevel.Debug, "Events not appended: {Count}, to aggregates: {Aggregates}; {Reason}: {Explanation}")]
    public static partial void AppendRefused(this ILogger logger, int count, int aggregates, string reason, string explanation);

    [LoggerMessage(3003, LogLevel.Trace, "Events read of {AggregateType} '{AggregateId}' from version {FromVersion} to {ToVersion}: {Count}; it is at version {Version}")]
    public static partial void ReadStream(this ILogger logger, int count, string aggregateType, string aggregateId, long fromVersion, long? toVersion, long version);

    [LoggerMessage(3004, LogLevel.Trace, "Events read after position {AfterPosition}: {Count}, at most {MaxCount}")]
    public static partial void ReadAll(this ILogger logger, int count, long afterPosition, int maxCount);

    [LoggerMessage(3100, LogLevel.Information, "Applied migration {Version} ({Name})")]
    public static partial void MigrationApplied(this ILogger logger, int version, string name);

    [LoggerMessage(3101, LogLevel.Information, "The schema is at version {Version}; there is nothing to migrate")]
    public static partial void SchemaUpToDate(this ILogger logger, int version);

    [LoggerMessage(3200, LogLevel.Warning,
        "The pool of {Owner} has room for {Max} connections; the replica sets of this process use up to {Need} at once: {Parts}. Batches will wait for each other. Set Maximum Pool Size to that, and add what the application uses itself")]
    public static partial void PoolIsSmall(this ILogger logger, string owner, int max, int need, string parts);

    [LoggerMessage(4000, LogLevel.Warning,
        "An open append holds projections back at position {Horizon} of {LastValue} for {HeldFor}. It never costs an event, but nothing behind it is applied until it ends. "
        + "Holder: pid {Pid}, prepared transaction {PreparedTransaction}, application {ApplicationName}, user {UserName}, client {ClientAddress}, open for {Age}, {State}, last statement: {LastStatement} ({Others} others). "
        + "To end it, and roll its append back: {EndStatement}")]
    public static partial void HorizonHeld(
        this ILogger logger, long horizon, long lastValue, TimeSpan heldFor, int? pid, string? preparedTransaction, string? applicationName, string? userName, string? clientAddress, TimeSpan? age, string? state,
        string? lastStatement, int others, string? endStatement);

    [LoggerMessage(EventId = 4001, Message = "The session that listens for appends was lost; projections poll until it is back, every PollInterval at most. Next attempt in {Delay}")]
    public static partial void ListenerLost(this ILogger logger, LogLevel level, Exception exception, TimeSpan delay);

    [LoggerMessage(EventId = 4002, Message = "A notification of appends was not sent (failures in a row: {Failures}); readers notice at their next poll, after PollInterval at most")]
    public static partial void NotificationLost(this ILogger logger, LogLevel level, Exception exception, int failures);

    [LoggerMessage(4003, LogLevel.Information, "The session that listens for appends is back (failures: {Failures}, in {Lasted})")]
    public static partial void ListenerBack(this ILogger logger, int failures, TimeSpan lasted);

    [LoggerMessage(4004, LogLevel.Information, "Notifications of appends are sent again (failures: {Failures}, in {Lasted})")]
    public static partial void NotificationsBack(this ILogger logger, int failures, TimeSpan lasted);

    [LoggerMessage(4005, LogLevel.Information, "No open append holds projections back any more; they read on from position {Horizon}")]
    public static partial void HorizonReleased(this ILogger logger, long horizon);

    [LoggerMessage(4006, LogLevel.Trace, "Page of the log read behind position {From} up to {To}, slots {Slots}; events: {Count}, at most {MaxCount}; the log can be read up to {Horizon}")]
    public static partial void ReadPage(this ILogger logger, int count, long from, long to, SlotSet slots, int maxCount, long horizon);

    [LoggerMessage(5000, LogLevel.Warning, "Could not {Transition} in replica set '{ReplicaSet}': a lock did not come in time. It was held by: {Holders}. It is tried again")]
    public static partial void TransitionGaveUp(this ILogger logger, Exception exception, string transition, string replicaSet, string holders);

    [LoggerMessage(5001, LogLevel.Warning, "Ended the session with process id {ProcessId} ('{ApplicationName}'): its worker is over, and it held a lock that replica set '{ReplicaSet}' waited for")]
    public static partial void BlockingSessionEnded(this ILogger logger, int processId, string applicationName, string replicaSet);

    [LoggerMessage(5002, LogLevel.Warning, "Could not look at who holds a lock that replica set '{ReplicaSet}' waits for")]
    public static partial void BlockersUnknown(this ILogger logger, Exception exception, string replicaSet);

    [LoggerMessage(5003, LogLevel.Information, "Ended the session with process id {ProcessId} of a worker that was removed from replica set '{ReplicaSet}'")]
    public static partial void RemovedWorkersSessionEnded(this ILogger logger, int processId, string replicaSet);

    [LoggerMessage(5004, LogLevel.Warning,
        "A proxy that pools transactions stands between {Source} and the server, so workers live by heartbeats alone (reduced mode): one that is killed is replaced when its heartbeat has stood still for StaleWorkerTimeout, not at once, "
        + "and new events are noticed within PollInterval. Nothing is lost or applied twice. For the full mode set Orchestrator:PostgreSql:CoordinationConnectionString to a direct connection, or to a port of the proxy that pools sessions")]
    public static partial void ReducedMode(this ILogger logger, string source);

    [LoggerMessage(5005, LogLevel.Information, "Worker {WorkerId} of replica set '{ReplicaSet}' is over, and could not take itself off the roster; the others notice when its heartbeat has stood still for StaleWorkerTimeout")]
    public static partial void FarewellNotSaid(this ILogger logger, Exception exception, Guid workerId, string replicaSet);
}
