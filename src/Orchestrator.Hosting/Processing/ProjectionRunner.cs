using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.Processing;

/// <summary>
/// Runs one projection over the checkpoint rows of one lane: reads a page, applies a batch behind the fence, and so on until told to drain.
/// Rows take turns, so that one that has fallen behind does not hold up the others; neighbours that reach the same position become one.
/// </summary>
internal sealed class ProjectionRunner(
    ProjectionDefinition projection,
    Fence fence,
    EventFeed feed,
    ICheckpointStore checkpoints,
    IRowApplier applier,
    HeartbeatWatch heartbeat,
    RowFailures failures,
    WorkerLife life,
    ExecutionEnvironment environment,
    ProjectionStatus status,
    ILogger<ProjectionRunner> logger)
{
    private static readonly TimeSpan s_retryTick = TimeSpan.FromMilliseconds(20);

    // Nothing wakes a row that has stopped, or a lane without rows: this only bounds a wait that the drain or other rows end.
    private static readonly TimeSpan s_stoppedTick = TimeSpan.FromMinutes(1);

    private RowCursors _rows = new(new LaneShare([]), projection.Tuning);

    /// <summary>Runs until drained.</summary>
    /// <param name="share">The rows to run; there may be others at any time.</param>
    /// <param name="drain">Finish the batch in hand, start no other.</param>
    /// <param name="abort">Roll back the batch in hand.</param>
    public async Task RunAsync(LaneShare share, CancellationToken drain, CancellationToken abort)
    {
        _rows = new RowCursors(share, projection.Tuning);
        using IDisposable shown = life.Status.Show(status);
        using FeedReader reader = feed.Follow();
        while (!drain.IsCancellationRequested)
        {
            TakeOverRows();
            reader.Passed(_rows.PassedByAll);
            ShowStatus();
            heartbeat.Look();
            bool progressed = false;
            foreach (RowCursor cursor in _rows.Now)
            {
                progressed |= await AttemptAsync(cursor, () => StepAsync(cursor, abort), drain, abort);
            }

            progressed |= await MergeNeighboursAsync(drain, abort);
            if (!progressed)
            {
                // A row may have stopped just now, and nothing turns this loop for long.
                ShowStatus();
                await PauseAsync(drain);
            }
        }
    }

    private void TakeOverRows()
    {
        if (_rows.Outdated.IsCancellationRequested && _rows.TakeOver() is { IsEmpty: false } added)
        {
            logger.ProjectionStarted(fence.ReplicaSet, projection.Name, added.Length, added.Min(row => row.Position), added.Max(row => row.GenerationId));
        }
    }

    private void ShowStatus()
    {
        _rows.ShowIn(status);
        status.Pulse.Turned(feed.LongestWait);
    }

    private bool IsReady(RowCursor cursor) => cursor.StoppedBy is null && environment.Time.GetTimestamp() >= cursor.NotBefore;

    // Every attempt on a row comes through here: no other place starts work or swallows a failure.
    private async Task<bool> AttemptAsync(RowCursor cursor, Func<Task<bool>> attempt, CancellationToken drain, CancellationToken abort)
    {
        if (drain.IsCancellationRequested || !life.MayStartBatch || !IsReady(cursor))
        {
            return false;
        }

        try
        {
            int handlerFailures = cursor.HandlerFailures;
            bool progressed = await attempt();
            if (IsReady(cursor))
            {
                failures.Worked(cursor, handlerFailures);
            }

            return progressed;
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            bool unknown = failures.Handle(cursor, exception);
            status.Metrics.BatchFailed(infrastructure: unknown, retried: cursor.StoppedBy is null);
            if (unknown)
            {
                await ReloadAsync(cursor, abort);
            }

            return false;
        }
    }

    private async Task<bool> StepAsync(RowCursor cursor, CancellationToken abort)
    {
        EventPage page = await feed.ReadAsync(cursor.Slots, cursor.Position, cursor.ReadSince, projection.Filter, abort);
        ShowPending(cursor, page);
        if (page.IsEmpty)
        {
            return false;
        }

        if (!await applier.ApplyAsync(cursor, page, _rows.LimitOf(cursor), abort))
        {
            status.Metrics.Fenced();
            Lose(cursor);
        }

        return true;
    }

    private void Lose(RowCursor cursor)
    {
        _rows.Remove(cursor);
        if (_rows.Count == 0)
        {
            logger.Superseded(fence.ReplicaSet, projection.Name, cursor.Row.GenerationId);
        }
    }

    // Shown at once where the row was at the end before: its handler may take long.
    private void ShowPending(RowCursor cursor, EventPage page)
    {
        DateTimeOffset? before = cursor.PendingSince;
        cursor.PendingSince = page.FirstBehind(cursor.Position)?.CreatedAt;
        if (before is null && cursor.PendingSince is not null)
        {
            ShowStatus();
        }
    }

    private async Task<bool> MergeNeighboursAsync(CancellationToken drain, CancellationToken abort)
    {
        bool merged = false;
        foreach ((RowCursor lower, RowCursor upper) in _rows.Neighbours)
        {
            if (lower.Position == upper.Position && IsReady(upper) && _rows.Contains(lower))
            {
                merged |= await AttemptAsync(lower, () => MergeAsync(lower, upper, abort), drain, abort);
            }
        }

        return merged;
    }

    private async Task<bool> MergeAsync(RowCursor lower, RowCursor upper, CancellationToken abort)
    {
        if (await checkpoints.MergeAsync(fence, lower.Row, upper.Row, abort) is not { } row)
        {
            await ReloadAsync(lower, abort);
            await ReloadAsync(upper, abort);
            return false;
        }

        _rows.Remove(lower);
        upper.Row = row;
        return true;
    }

    // What is remembered of a row counts for nothing behind an unknown outcome. Still away: then the next batch, which goes by the row that it locks, finds out.
    private async Task ReloadAsync(RowCursor cursor, CancellationToken abort)
    {
        try
        {
            Checkpoint? row = (await checkpoints.LoadAsync(fence, abort)).FirstOrDefault(cursor.Row.Names);
            if (row is null)
            {
                Lose(cursor);
            }
            else
            {
                cursor.Row = row;
            }
        }
        catch (Exception exception) when (!abort.IsCancellationRequested)
        {
            failures.Handle(cursor, exception);
        }
    }

    private async Task PauseAsync(CancellationToken drain)
    {
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(drain, life.Ended, _rows.Outdated);
        RowCursor[] running = _rows.Running;
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

        RowCursor reading = running[0];
        try
        {
            // For a hint, or until drained, ended, or given other rows: the loop looks which.
            await feed.WaitAsync(reading.Position, wake.Token);
        }
        catch (Exception exception)
        {
            failures.Handle(reading, exception);
        }
    }
}
