using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.Membership;

/// <summary>
/// How long one worker id may act. Confirmed heartbeats extend it; nothing else does. It protects what the fence cannot see, effects outside the database: a worker that is cut off stops by
/// itself before the others may take over.
/// </summary>
/// <remarks>Everything is counted from when a heartbeat was sent, not answered: the others count from when they saw it move, which is never earlier.</remarks>
internal sealed class WorkerLife : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _staleAfter;
    private readonly ITimer _expiry;
    private long _confirmedAt;
    private string? _endReason;

    public WorkerLife(Guid workerId, TimeSpan staleWorkerTimeout, TimeProvider time, ReplicaSetMetrics? metrics = null)
    {
        WorkerId = workerId;
        Status = new WorkerStatus(workerId, staleWorkerTimeout, time, metrics);
        Log = new LogMovement(time);
        _time = time;
        _staleAfter = staleWorkerTimeout;
        _confirmedAt = time.GetTimestamp();
        _expiry = time.CreateTimer(static life => ((WorkerLife)life!).EndIfExpired(), this, staleWorkerTimeout, Timeout.InfiniteTimeSpan);
    }

    public Guid WorkerId { get; }

    /// <summary>What the worker's loops say of themselves. Nothing is decided by it.</summary>
    public WorkerStatus Status { get; }

    /// <summary>What the worker's feed has seen of the log.</summary>
    public LogMovement Log { get; }

    /// <summary>Cancelled when the id is spent: what it still runs must end without a commit.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Whether a batch may begin: the last confirmed heartbeat is younger than half of the stale time-out.</summary>
    public bool MayStartBatch => !_ended.IsCancellationRequested && SinceConfirmed < _staleAfter / 2;

    private TimeSpan SinceConfirmed => _time.GetElapsedTime(Interlocked.Read(ref _confirmedAt));

    /// <summary>A heartbeat has been answered.</summary>
    /// <param name="sentAt">The TimeProvider's timestamp from before it was sent.</param>
    public void Confirm(long sentAt)
    {
        Interlocked.Exchange(ref _confirmedAt, sentAt);
        Status.Confirmed(sentAt);
        Rearm();
    }

    /// <summary>Why the id is spent, once it is; the first reason counts.</summary>
    public string EndReason => Volatile.Read(ref _endReason) ?? "";

    /// <summary>The id is spent.</summary>
    /// <param name="reason">Why, as the rest of a sentence that begins with the worker.</param>
    public void End(string reason)
    {
        Interlocked.CompareExchange(ref _endReason, reason, null);
        _ended.Cancel();
    }

    public void Dispose()
    {
        _expiry.Dispose();
        _ended.Dispose();
    }

    private void EndIfExpired()
    {
        if (SinceConfirmed >= _staleAfter)
        {
            End($"no heartbeat was confirmed for {_staleAfter}: the process was frozen or cut off, and the others may have taken over");
        }
        else
        {
            Rearm();
        }
    }

    private void Rearm()
    {
        TimeSpan left = _staleAfter - SinceConfirmed;
        _expiry.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
