using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.Processing;

/// <summary>
/// Runs one projection over the checkpoint rows that a worker owns in one generation: reads a page, applies a batch behind the fence, and so on until told to drain or superseded.
/// Rows take turns, so that one that has fallen behind does not hold up the others; neighbours that reach the same position become one.
/// </summary>
internal sealed class ProjectionRunner(
    ProjectionDefinition projection,
    Fence fence,
    EventFeed feed,
    ICheckpointStore checkpoints,
    ILaneApplier applier,
    LaneFailures failures,
    WorkerLife life,
    ExecutionEnvironment environment,
    ProjectionStatus status,
    ILogger<ProjectionRunner> logger)
{
    private static readonly TimeSpan s_retryTick = TimeSpan.FromMilliseconds(20);

    // Nothing wakes a row that has stopped: this only bounds a wait that the drain ends.
    private static readonly TimeSpan s_stoppedTick = TimeSpan.FromMinutes(1);

    private List<CheckpointLane> _lanes = [];
    private bool _awaitsHeartbeat;

    /// <summary>Runs until drained or superseded.</summary>
    /// <param name="rows">The rows that bear the fence's stamp, in the order of their slots.</param>
    /// <param name="drain">Finish the batch in hand, start no other.</param>
    /// <param name="abort">Roll back the batch in hand.</param>
    public async Task RunAsync(IReadOnlyList<Checkpoint> rows, CancellationToken drain, CancellationToken abort)
    {
        _lanes = [.. rows.Select(row => new CheckpointLane(row, projection.Tuning))];
        using IDisposable shown = life.Status.Show(status);
        logger.ProjectionStarted(fence.ReplicaSet, projection.Name, _lanes.Count, _lanes.Min(lane => lane.Position), fence.GenerationId);
        while (!drain.IsCancellationRequested && _lanes.Count > 0)
        {
            ShowStatus();
            LogHeartbeat();
            bool progressed = false;
            foreach (CheckpointLane lane in _lanes.ToArray())
            {
                progressed |= await AttemptAsync(lane, () => StepAsync(lane, abort), drain, abort);
            }

            progressed |= await MergeNeighboursAsync(drain, abort);
            if (!progressed)
            {
                // A row may have stopped just now, and nothing turns this loop for long.
                ShowStatus();
                await PauseAsync(drain);
            }
        }

        if (_lanes.Count == 0)
        {
            logger.Superseded(fence.ReplicaSet, projection.Name, fence.GenerationId);
        }
    }

    private void ShowStatus()
    {
        // Most turns of an idle runner change nothing.
        if (!IsShown(status.Rows))
        {
            status.Rows = [.. _lanes.Select(lane => lane.Status)];
        }

        status.Pulse.Turned(feed.LongestWait);
    }

    private bool IsShown(IReadOnlyList<RowStatus> rows)
    {
        bool same = rows.Count == _lanes.Count;
        for (int i = 0; same && i < rows.Count; i++)
        {
            same = ReferenceEquals(rows[i], _lanes[i].Status);
        }

        return same;
    }

    private bool IsReady(CheckpointLane lane) => lane.StoppedBy is null && environment.Time.GetTimestamp() >= lane.NotBefore;

    // Every attempt on a row comes through here: no other place starts work or swallows a failure.
    private async Task<bool> AttemptAsync(CheckpointLane lane, Func<Task<bool>> attempt, CancellationToken drain, CancellationToken abort)
    {
        if (drain.IsCancellationRequested || !life.MayStartBatch || !IsReady(lane))
        {
            return false;
        }

        try
        {
            int handlerFailures = lane.HandlerFailures;
            bool progressed = await attempt();
            if (IsReady(lane))
            {
                failures.Worked(lane, handlerFailures);
            }

            return progressed;
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            bool unknown = failures.Handle(lane, exception);
            status.Metrics.BatchFailed(infrastructure: unknown, retried: lane.StoppedBy is null);
            if (unknown)
            {
                await ReloadAsync(lane, abort);
            }

            return false;
        }
    }

    private async Task<bool> StepAsync(CheckpointLane lane, CancellationToken abort)
    {
        EventPage page = await feed.ReadAsync(lane.Slots, lane.Position, lane.ReadSince, projection.Filter, abort);
        ShowPending(lane, page);
        if (page.IsEmpty)
        {
            return false;
        }

        if (!await applier.ApplyAsync(lane, page, NeighbourAhead(lane), abort))
        {
            status.Metrics.Fenced();
            _lanes.Remove(lane);
        }

        return true;
    }

    // Shown at once where the row was at the end before: its handler may take long.
    private void ShowPending(CheckpointLane lane, EventPage page)
    {
        DateTimeOffset? before = lane.PendingSince;
        lane.PendingSince = page.FirstBehind(lane.Position)?.CreatedAt;
        if (before is null && lane.PendingSince is not null)
        {
            ShowStatus();
        }
    }

    // A batch stops where a neighbouring row stands, so that the two meet and can become one.
    private long NeighbourAhead(CheckpointLane lane) =>
        _lanes.Where(other => (other.Slots.From == lane.Slots.To || other.Slots.To == lane.Slots.From) && other.StoppedBy is null && other.Position > lane.Position)
            .Select(other => other.Position)
            .DefaultIfEmpty(long.MaxValue)
            .Min();

    private async Task<bool> MergeNeighboursAsync(CancellationToken drain, CancellationToken abort)
    {
        bool merged = false;
        foreach ((CheckpointLane lower, CheckpointLane upper) in _lanes.Zip(_lanes.Skip(1)).ToArray())
        {
            if (lower.Slots.To == upper.Slots.From && lower.Position == upper.Position && IsReady(upper) && _lanes.Contains(lower))
            {
                merged |= await AttemptAsync(lower, () => MergeAsync(lower, upper, abort), drain, abort);
            }
        }

        return merged;
    }

    private async Task<bool> MergeAsync(CheckpointLane lower, CheckpointLane upper, CancellationToken abort)
    {
        if (await checkpoints.MergeAsync(fence, lower.Row, upper.Row, abort) is not { } row)
        {
            await ReloadAsync(lower, abort);
            await ReloadAsync(upper, abort);
            return false;
        }

        _lanes.Remove(lower);
        upper.Row = row;
        return true;
    }

    // What is remembered of a row counts for nothing behind an unknown outcome. Still away: then the next batch, which goes by the row that it locks, finds out.
    private async Task ReloadAsync(CheckpointLane lane, CancellationToken abort)
    {
        try
        {
            Checkpoint? row = (await checkpoints.LoadAsync(fence, abort)).FirstOrDefault(row => row.Projection == projection.Name && row.Slots.From == lane.Slots.From);
            if (row is null)
            {
                _lanes.Remove(lane);
            }
            else
            {
                lane.Row = row;
            }
        }
        catch (Exception exception) when (!abort.IsCancellationRequested)
        {
            failures.Handle(lane, exception);
        }
    }

    private async Task PauseAsync(CancellationToken drain)
    {
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(drain, life.Ended);
        CheckpointLane[] running = [.. _lanes.Where(lane => lane.StoppedBy is null)];
        if (!life.MayStartBatch || !Array.TrueForAll(running, IsReady))
        {
            await Interruptible.DelayAsync(s_retryTick, environment.Time, wake.Token);
            return;
        }

        if (running.Length == 0)
        {
            status.Pulse.Turned(s_stoppedTick);
            await Interruptible.DelayAsync(s_stoppedTick, environment.Time, wake.Token);
            return;
        }

        CheckpointLane reading = running[0];
        try
        {
            await feed.WaitAsync(reading.Position, wake.Token);
        }
        catch (OperationCanceledException) when (wake.IsCancellationRequested)
        {
            // Drained, or ended: the loop looks which.
        }
        catch (Exception exception)
        {
            failures.Handle(reading, exception);
        }
    }

    // Said by the projection, because that is what stands still; the heartbeat's own failures are its loop's to say.
    private void LogHeartbeat()
    {
        bool may = life.MayStartBatch;
        bool awaits = !may && !life.Ended.IsCancellationRequested;
        if (awaits && !_awaitsHeartbeat)
        {
            logger.HeartbeatAwaited(fence.ReplicaSet, projection.Name, fence.WorkerId);
        }
        else if (may && _awaitsHeartbeat)
        {
            logger.HeartbeatNoLongerAwaited(fence.ReplicaSet, projection.Name, fence.WorkerId);
        }

        _awaitsHeartbeat = awaits;
    }
}
