using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.Diagnostics;

/// <summary>
/// Every message of this assembly. Event ids are stable: 1000 workers, 1100 generations, 1200 configuration, 2000 processing. A message without a level of its own belongs to a <see cref="Stall"/>,
/// which says it loudly once a minute for each cause. docs/logs.md has them all.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Worker registered: {WorkerId} in replica set {ReplicaSet}")]
    public static partial void WorkerRegistered(this ILogger logger, string replicaSet, Guid workerId);

    [LoggerMessage(1001, LogLevel.Information, "Unregistering worker {WorkerId} of replica set {ReplicaSet}")]
    public static partial void WorkerUnregistering(this ILogger logger, string replicaSet, Guid workerId);

    [LoggerMessage(1002, LogLevel.Information, "Shutdown complete: worker {WorkerId} of replica set {ReplicaSet}")]
    public static partial void ShutdownComplete(this ILogger logger, string replicaSet, Guid workerId);

    [LoggerMessage(1003, LogLevel.Warning, "Worker {WorkerId} of replica set {ReplicaSet} is over: {Reason}. It registers anew in {Pause}")]
    public static partial void WorkerOver(this ILogger logger, string replicaSet, Guid workerId, string reason, TimeSpan pause);

    [LoggerMessage(1004, LogLevel.Warning, "Worker {WorkerId} of replica set {ReplicaSet} has lost its session")]
    public static partial void SessionLost(this ILogger logger, Exception exception, string replicaSet, Guid workerId);

    [LoggerMessage(EventId = 1005, Message = "Replica set {ReplicaSet} cannot start yet: {Reason} It tries again in {Pause}")]
    public static partial void CannotRegister(this ILogger logger, LogLevel level, Exception exception, string replicaSet, string reason, TimeSpan pause);

    [LoggerMessage(EventId = 1006, Message = "Heartbeat of worker {WorkerId} of replica set {ReplicaSet} failed, {Failures} in a row; reconnecting. Without one for StaleWorkerTimeout, the others take over")]
    public static partial void HeartbeatFailed(this ILogger logger, LogLevel level, Exception exception, string replicaSet, Guid workerId, int failures);

    [LoggerMessage(1007, LogLevel.Warning, "Worker {WorkerId} of replica set {ReplicaSet} has run out of time to drain; its batches in hand are rolled back")]
    public static partial void DrainTimedOut(this ILogger logger, string replicaSet, Guid workerId);

    [LoggerMessage(1008, LogLevel.Information, "Replica set {ReplicaSet} is not enabled in this process; Orchestrator:ReplicaSets:{ReplicaSet}:Enabled is false")]
    public static partial void NotEnabled(this ILogger logger, string replicaSet);

    [LoggerMessage(1009, LogLevel.Information, "Worker {WorkerId} of replica set {ReplicaSet} stands by: generation {GenerationId} is full; workers: {TotalPartitions}")]
    public static partial void StandingBy(this ILogger logger, string replicaSet, Guid workerId, long generationId, int totalPartitions);

    [LoggerMessage(EventId = 1010, Message = "Replica set {ReplicaSet} stands still, and its worker {WorkerId} has left: {Reason}")]
    public static partial void LogRefused(this ILogger logger, LogLevel level, Exception exception, string replicaSet, Guid workerId, string reason);

    [LoggerMessage(1012, LogLevel.Information, "Heartbeats of worker {WorkerId} of replica set {ReplicaSet} are answered again (failures: {Failures}, in {Lasted})")]
    public static partial void HeartbeatAnsweredAgain(this ILogger logger, string replicaSet, Guid workerId, int failures, TimeSpan lasted);

    [LoggerMessage(1011, LogLevel.Error, "The services are disposed while replica set {ReplicaSet} still runs: a handler did not heed its cancellation within {Patience}. Its batch is rolled back when its connection closes")]
    public static partial void DisposedWhileRunning(this ILogger logger, string replicaSet, TimeSpan patience);

    [LoggerMessage(1013, LogLevel.Information, "Replica set {ReplicaSet} can start now (failed attempts: {Failures}, in {Lasted})")]
    public static partial void CanRegisterNow(this ILogger logger, string replicaSet, int failures, TimeSpan lasted);

    [LoggerMessage(1100, LogLevel.Information, "Worker {WorkerId} leads replica set {ReplicaSet}")]
    public static partial void LeaderElected(this ILogger logger, string replicaSet, Guid workerId);

    [LoggerMessage(1101, LogLevel.Information, "Reconfiguring replica set {ReplicaSet}: {Reason}. Generation {GenerationId} forms; workers: {Members}")]
    public static partial void GenerationForming(this ILogger logger, string replicaSet, long generationId, int members, string reason);

    [LoggerMessage(1102, LogLevel.Information, "Generation {GenerationId} of replica set {ReplicaSet} is active; workers that did not acknowledge in time: {Excused}")]
    public static partial void GenerationActive(this ILogger logger, string replicaSet, long generationId, int excused);

    [LoggerMessage(EventId = 1103, Message = "Generation {GenerationId} of replica set {ReplicaSet} could not be activated yet: the rows have changed, or a lock on a checkpoint did not come; trying again")]
    public static partial void ActivationPostponed(this ILogger logger, LogLevel level, string replicaSet, long generationId);

    [LoggerMessage(1104, LogLevel.Information, "Stopping current generation of replica set {ReplicaSet}: generation {GenerationId} forms; partitions: {TotalPartitions}")]
    public static partial void Reconfiguring(this ILogger logger, string replicaSet, long generationId, int totalPartitions);

    [LoggerMessage(1112, LogLevel.Information, "Rows of replica set {ReplicaSet} that have changed hands: {Rows}; generation {GenerationId} takes over")]
    public static partial void RowsMoved(this ILogger logger, string replicaSet, int rows, long generationId);

    [LoggerMessage(1105, LogLevel.Information, "Assigned partition: {Partition} of {TotalPartitions} of replica set {ReplicaSet}, generation {GenerationId}")]
    public static partial void PartitionAssigned(this ILogger logger, string replicaSet, int partition, int totalPartitions, long generationId);

    [LoggerMessage(1106, LogLevel.Warning, "Worker left or gone, reconfiguring: {WorkerId} of replica set {ReplicaSet} is {Reason}")]
    public static partial void WorkerGone(this ILogger logger, string replicaSet, Guid workerId, RemovalReason reason);

    [LoggerMessage(1107, LogLevel.Warning, "Replica set {ReplicaSet} forms no generation: the partitions of its workers {WorkerIds} are set by hand (PartitionKey). Stop them, or set PartitionKey here too")]
    public static partial void BlockedByStaticPartitions(this ILogger logger, string replicaSet, string workerIds);

    [LoggerMessage(1108, LogLevel.Information, "Projection {Projection} of replica set {ReplicaSet} is in {Having} of {Members} workers; they alone share it")]
    public static partial void ProjectionNotEverywhere(this ILogger logger, string replicaSet, string projection, int having, int members);

    [LoggerMessage(1109, LogLevel.Warning, "Projection {Projection} of replica set {ReplicaSet} stands still: no worker has it any more. Its checkpoints are kept; when it was removed or renamed for good, delete its rows of projection_checkpoints")]
    public static partial void ProjectionUnowned(this ILogger logger, string replicaSet, string projection);

    [LoggerMessage(1110, LogLevel.Warning, "Worker {WorkerId} of replica set {ReplicaSet} cannot take partition {Partition} of {TotalPartitions} yet. {Cause} It tries again")]
    public static partial void PartitionRefused(this ILogger logger, string replicaSet, Guid workerId, int partition, int totalPartitions, string cause);

    [LoggerMessage(1111, LogLevel.Warning, "Projection {Projection} of replica set {ReplicaSet} stands still in partition {Partition} of {TotalPartitions}: the worker that has the partition does not have the projection")]
    public static partial void ProjectionNotInPartition(this ILogger logger, string replicaSet, string projection, int partition, int totalPartitions);

    [LoggerMessage(1200, LogLevel.Warning, "Configuration: {Finding}")]
    public static partial void SectionWithoutEffect(this ILogger logger, string finding);

    [LoggerMessage(1201, LogLevel.Warning, "This process runs no projections: it has an orchestrator without a replica set. Call AddReplicaSet(...).AddProjection<T>()")]
    public static partial void NoReplicaSet(this ILogger logger);

    [LoggerMessage(1202, LogLevel.Information, "Settings of replica set {ReplicaSet}: {Settings}")]
    public static partial void ReplicaSetSettings(this ILogger logger, string replicaSet, string settings);

    [LoggerMessage(1203, LogLevel.Information, "Settings of projection {Projection} of replica set {ReplicaSet}: {Settings}")]
    public static partial void ProjectionSettings(this ILogger logger, string projection, string replicaSet, string settings);

    [LoggerMessage(1204, LogLevel.Information, "The configuration has changed: {Key} is now {Value}; it was {InForce}")]
    public static partial void SettingReloaded(this ILogger logger, string key, string value, string inForce);

    [LoggerMessage(1205, LogLevel.Warning, "The configuration has changed: {Key} is {Value}. This takes effect with the next start; until then it stays {InForce}")]
    public static partial void SettingNeedsRestart(this ILogger logger, string key, string value, string inForce);

    [LoggerMessage(1206, LogLevel.Error, "The configuration has changed and is refused; everything stays as it was. {Faults}")]
    public static partial void ReloadRefused(this ILogger logger, string faults);

    [LoggerMessage(1207, LogLevel.Error, "The configuration has changed and could not be taken over; everything stays as it was")]
    public static partial void ReloadFailed(this ILogger logger, Exception exception);

    [LoggerMessage(2000, LogLevel.Information, "Processing events: projection {Projection} of replica set {ReplicaSet} from position {Position}, generation {GenerationId}; slot ranges: {Rows}")]
    public static partial void ProjectionStarted(this ILogger logger, string replicaSet, string projection, int rows, long position, long generationId);

    [LoggerMessage(2001, LogLevel.Debug, "Projection {Projection} of replica set {ReplicaSet}, slots {Slots}: events processed: {Processed}, not wanted: {Skipped}, checkpoint {Position}")]
    public static partial void BatchCommitted(this ILogger logger, string replicaSet, string projection, SlotRange slots, int processed, int skipped, long position);

    [LoggerMessage(2002, LogLevel.Information, "Projection {Projection} of replica set {ReplicaSet} stops: generation {GenerationId} is superseded")]
    public static partial void Superseded(this ILogger logger, string replicaSet, string projection, long generationId);

    [LoggerMessage(2003, LogLevel.Warning, "Projection {Projection} of replica set {ReplicaSet}, slots {Slots}, behind position {Position}: attempt {Attempt} failed, with a batch of {Events}; trying again in {Pause}")]
    public static partial void HandlerFailed(this ILogger logger, Exception exception, string replicaSet, string projection, SlotRange slots, long position, int attempt, int events, TimeSpan pause);

    [LoggerMessage(2004, LogLevel.Error, "Projection {Projection} of replica set {ReplicaSet} has stopped for slots {Slots}: its handler kept failing (attempts: {Attempts}) on the event at position {Position} ({EventType}, version {AggregateVersion} of {AggregateType} '{AggregateId}'). Everything else runs on. Mend the handler or the event and restart")]
    public static partial void ProjectionStopped(
        this ILogger logger,
        Exception exception,
        string replicaSet,
        string projection,
        SlotRange slots,
        int attempts,
        long position,
        string eventType,
        long aggregateVersion,
        string aggregateType,
        string aggregateId);

    [LoggerMessage(EventId = 2005, Message = "Projection {Projection} of replica set {ReplicaSet}, slots {Slots}: the database did not answer as it should (failures in a row: {Failures}); trying again in {Pause}. It goes on by itself once the database does")]
    public static partial void InfrastructureFailed(this ILogger logger, LogLevel level, Exception exception, string replicaSet, string projection, SlotRange slots, int failures, TimeSpan pause);

    [LoggerMessage(2006, LogLevel.Information, "Projection {Projection} of replica set {ReplicaSet}, slots {Slots}: the database answers again (failures: {Failures}, in {Lasted})")]
    public static partial void InfrastructureWorksAgain(this ILogger logger, string replicaSet, string projection, SlotRange slots, int failures, TimeSpan lasted);

    [LoggerMessage(2007, LogLevel.Information, "Projection {Projection} of replica set {ReplicaSet}, slots {Slots}: the handler succeeds again (failures: {Failures}); checkpoint {Position}")]
    public static partial void HandlerWorksAgain(this ILogger logger, string replicaSet, string projection, SlotRange slots, int failures, long position);

    [LoggerMessage(EventId = 2008, Message = "Worker {WorkerId} of replica set {ReplicaSet} cannot read its checkpoints of generation {GenerationId} and runs nothing yet; trying again in {Pause}. It goes on by itself once the database answers")]
    public static partial void CheckpointsUnread(this ILogger logger, LogLevel level, Exception exception, string replicaSet, Guid workerId, long generationId, TimeSpan pause);

    [LoggerMessage(2009, LogLevel.Information, "Worker {WorkerId} of replica set {ReplicaSet} has read its checkpoints (failures: {Failures}, in {Lasted})")]
    public static partial void CheckpointsRead(this ILogger logger, string replicaSet, Guid workerId, int failures, TimeSpan lasted);

    [LoggerMessage(2010, LogLevel.Warning, "Projection {Projection} of replica set {ReplicaSet} starts no batch: worker {WorkerId} has had no heartbeat answered for half of StaleWorkerTimeout. Look for a slow database or a frozen process")]
    public static partial void HeartbeatAwaited(this ILogger logger, string replicaSet, string projection, Guid workerId);

    [LoggerMessage(2011, LogLevel.Information, "Projection {Projection} of replica set {ReplicaSet} goes on: a heartbeat of worker {WorkerId} has been answered")]
    public static partial void HeartbeatNoLongerAwaited(this ILogger logger, string replicaSet, string projection, Guid workerId);

    [LoggerMessage(2012, LogLevel.Warning, "Worker {WorkerId} of replica set {ReplicaSet} had not drained when generation {GenerationId} was superseded; its batches in hand are rolled back, and their events applied by the next owner. Raise CoordinationTimeout, or make batches shorter")]
    public static partial void GenerationLost(this ILogger logger, string replicaSet, Guid workerId, long generationId);

    [LoggerMessage(EventId = 2013, Message = "Cannot find out whether the projections have reached the end of the log (failures in a row: {Failures}); asking again in {Pause}")]
    public static partial void EndOfLogUnknown(this ILogger logger, LogLevel level, Exception exception, int failures, TimeSpan pause);

    [LoggerMessage(2014, LogLevel.Error, "Projection {Projection} of replica set {ReplicaSet} has stopped for slots {Slots} behind position {Position}: its handler has committed the transaction itself, with a batch of the events from position {FirstPosition} to {LastPosition}. Everything else runs on. Mend the handler, take back what the batch wrote, and restart")]
    public static partial void HandlerCommitted(this ILogger logger, Exception exception, string replicaSet, string projection, SlotRange slots, long position, long firstPosition, long lastPosition);
}
