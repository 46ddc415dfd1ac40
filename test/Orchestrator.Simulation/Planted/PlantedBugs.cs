namespace Orchestrator.Simulation.Planted;

/// <summary>The bugs. Where two guards cover the same hole, a bug takes both away: one alone often shows nothing, because the other holds.</summary>
internal static class PlantedBugs
{
    private const string Hosting = "src/Orchestrator.Hosting/";
    private const string EventLog = "src/Orchestrator.PostgreSql/EventLog/";

    private static readonly Edit[] s_positionFromMemory =
    [
        new(Hosting + "Processing/BatchApplier.cs", "Checkpoint locked = batch.Checkpoint;", "Checkpoint locked = cursor.Row;"),
        new(Hosting + "Processing/RowCursor.cs", "Checkpoint locked = batch.Checkpoint;", "Checkpoint locked = Row;"),
    ];

    private static readonly Edit s_noReload = new(Hosting + "Processing/ProjectionRunner.cs", "if (unknown)", "if (unknown && cursor.Row.Position < 0)");

    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("no-fence", "a batch begins whoever the row belongs to",
            new Edit(Hosting + "InMemory/InMemoryCheckpointStore.cs", " && Bears(candidate.Value, fence, row.GenerationId));", ");")),
        new("fence-not-locked", "the fence is checked, and the row not locked",
            new Edit(Hosting + "InMemory/InMemoryCheckpointStore.cs", "await found.RowLock.AcquireAsync(cancellationToken);", "await Task.CompletedTask;")),
        new("no-barrier", "an activation does not wait for the batches in flight",
            new Edit(Hosting + "InMemory/InMemoryTransitions.cs", "AcquireAsync(database, replicaSet.InKeyOrder, time, cancellationToken)", "AcquireAsync(database, () => [], time, cancellationToken)")),
        new("lost-reply-is-failure", "a commit without a reply is taken for failed, and tried again from memory",
            [.. s_positionFromMemory, s_noReload]),
        new("lost-reply-is-success", "a commit without a reply is taken for done, and the next batch starts from memory",
            [
                .. s_positionFromMemory,
                new(
                    Hosting + "Processing/BatchApplier.cs",
                    "throw new HandlerFailedException(exception, [.. selection.Events.Take(handled)]);",
                    "logger.BatchCommitted(exception.Message, projection.Name, locked.Slots, handled, selection.Unwanted, position);"),
            ]),
        new("position-from-memory", "a batch goes by the position that the runner remembers, not by that of the row as it is locked",
            s_positionFromMemory),
        new("page-not-checked", "a page is used whether it serves the locked row or not, and the row is not read again behind a lost reply",
            new Edit(Hosting + "Processing/RowCursor.cs", "page.Serves(locked.Slots, locked.Position) && ", ""),
            s_noReload),
        new("merge-unequal", "neighbours become one row at different positions",
            new Edit(Hosting + "Processing/ProjectionRunner.cs", "lower.Position == upper.Position && IsReady(upper)", "IsReady(upper)"),
            new Edit(Hosting + "InMemory/InMemoryCheckpointStore.cs", " || lower.Value.Position != upper.Value.Position", "")),
        new("recut-unequal", "a re-cut joins neighbours at different positions",
            new Edit(Hosting + "Checkpoints/CheckpointRecut.cs", "result.Count > 0 && result[^1].Position == row.Position", "result.Count > 0")),
        new("worker-inserts", "a worker that does not find its row makes one",
            new Edit(
                Hosting + "InMemory/InMemoryCheckpointStore.cs",
                """
                        if (found is null)
                        {
                            return null;
                        }

                        lock (database.Gate)
                """,
                """
                        if (found is null)
                        {
                            replicaSet.Checkpoints.Add(found = new InMemoryCheckpoint(row));
                            await found.RowLock.AcquireAsync(cancellationToken);
                        }

                        lock (database.Gate)
                """)),
        // Its session alone would stop a leader that was replaced: whoever replaces it ends that first. So nothing of this guard can be seen while the other one stands.
        new("activation-unchecked", "a generation is activated as it was decided, whatever has happened since to it and to who decided",
            new Edit(
                Hosting + "InMemory/InMemoryTransitions.cs",
                """
                                if (locks is not null)
                                {
                                    throwIfEnded();
                """,
                """
                                if (locks is not null)
                                {
                """),
            new Edit(
                Hosting + "InMemory/InMemoryTransitions.cs",
                "if (replicaSet.Find(GenerationState.Forming) is not { } forming || forming.Id != transition.GenerationId || replicaSet.MembersOf(forming) is not { } members)",
                "if (replicaSet.Generations.Find(entry => entry.Generation.Id == transition.GenerationId).Generation is not { } forming)"),
            new Edit(
                Hosting + "InMemory/InMemoryTransitions.cs",
                "CheckpointRecut.Cut([.. replicaSet.Checkpoints.Select(row => row.Value)], members, forming.Id)",
                "CheckpointRecut.Cut([.. replicaSet.Checkpoints.Select(row => row.Value)], [.. forming.Members.Select(replicaSet.Find).OfType<InMemoryWorker>().Select(worker => new MemberProjections(worker.Registration.WorkerId, worker.Registration.Projections, worker.Registration.Lanes))], forming.Id)")),
        new("stale-leader", "a leader's belief is acted on, not checked",
            new Edit(Hosting + "InMemory/InMemoryTransitions.cs", "active?.Id != transition.ExpectedActive || forming?.Id != transition.ExpectedForming || ", ""),
            new Edit(Hosting + "InMemory/InMemoryTransitions.cs", "if (forming is not null)", "if (forming is not null && forming.Id == transition.ExpectedForming)")),
        new("wall-clock", "a heartbeat is judged by wall clocks",
            new Edit(Hosting + "InMemory/InMemoryMembershipStore.cs", "new Heartbeat(database, database.ReplicaSet(replicaSet), workerId)", "new Heartbeat(database, database.ReplicaSet(replicaSet), workerId, time)"),
            new Edit(Hosting + "InMemory/InMemoryMembershipStore.cs", "InMemoryReplicaSet replicaSet, Guid workerId) : IHeartbeatSession", "InMemoryReplicaSet replicaSet, Guid workerId, TimeProvider time) : IHeartbeatSession"),
            new Edit(Hosting + "InMemory/InMemoryMembershipStore.cs", "worker.HeartbeatSequence++;", "worker.HeartbeatSequence = time.GetUtcNow().Ticks;"),
            new Edit(
                Hosting + "Generations/RosterObserver.cs",
                "return UnmovedFor(worker.Id, worker.HeartbeatSequence, now) >= options.StaleWorkerTimeout ? RemovalReason.Stale : null;",
                "return worker.HeartbeatSequence > 0 && environment.Time.GetUtcNow().Ticks - worker.HeartbeatSequence >= options.StaleWorkerTimeout.Ticks ? RemovalReason.Stale : null;")),
        new("joiner-not-ready", "a joiner is judged before its first heartbeat",
            new Edit(Hosting + "InMemory/InMemoryControlSession.cs", "!worker.Session.Ended)", "!worker.Session.Ended && worker.HeartbeatSequence > 0)"),
            new Edit(Hosting + "InMemory/InMemoryTransitions.cs", "RemovalReason.Dead => worker.Session.Ended,", "RemovalReason.Dead => worker.Session.Ended || worker.HeartbeatSequence == 0,")),
        new("session-not-ended", "a dead worker's sessions are left open",
            new Edit(
                Hosting + "InMemory/InMemoryTransitions.cs",
                "EndBatches(batch => batch.WorkerId == worker.Registration.WorkerId);",
                "EndBatches(batch => batch.WorkerId == Guid.Empty);"),
            new Edit(
                Hosting + "InMemory/InMemoryReplicaSet.cs",
                "EndBatches(batch => Find(batch.WorkerId) is null || excused.Contains(batch.WorkerId));",
                "EndBatches(batch => batch.WorkerId == Guid.Empty);")),
        new("generation-id-reused", "a generation gets the id behind the active one's, which a failed one may have had",
            new Edit(Hosting + "InMemory/InMemoryTransitions.cs", "new Generation(database.NextGenerationId(), transition.Members)", "new Generation((active?.Id ?? 0) + 1, transition.Members)")),
        new("take-over-unlocked", "a generation takes over rows whose batches are in flight",
            new Edit(Hosting + "InMemory/InMemoryTakeOver.cs", "locks.Holds(row) ? change.PartsOf(row.Value) : []", "change.PartsOf(row.Value)")),
        new("end-from-memory", "where a row ends is taken from memory, though another worker may have its end by now",
            new Edit(Hosting + "Processing/BatchApplier.cs", "Checkpoint locked = batch.Checkpoint;", "Checkpoint locked = batch.Checkpoint with { Slots = cursor.Row.Slots };"),
            new Edit(Hosting + "Processing/RowCursor.cs", "Checkpoint locked = batch.Checkpoint;", "Checkpoint locked = batch.Checkpoint with { Slots = Row.Slots };")),
        new("horizon-order", "the holders of open appends are listed before the last position is read",
            new Edit(EventLog + "HorizonSession.cs", "\"horizon_last_value\", \"horizon_lock_holders\"", "\"horizon_lock_holders\", \"horizon_last_value\"")),
        new("gap-timed-out", "an append that stays open for 100 ms no longer holds the horizon",
            new Edit(EventLog + "HorizonTracker.cs", "safe = Math.Min(safe, held.Bound);", "safe = observation.ReadAt - held.Since > 1_000_000 ? safe : Math.Min(safe, held.Bound);")),
    ];

    /// <summary>Finds a bug by its name.</summary>
    public static PlantedBug? Find(string name) => All.FirstOrDefault(bug => bug.Name == name);
}
