using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.Membership;

/// <summary>When the log last moved, as a worker's feed sees it. While it stands still, no event waits for a worker that is gone, and there is no hurry to find out.</summary>
internal sealed class LogMovement(TimeProvider time)
{
    private readonly LatestValue<long> _movedAt = new(time.GetTimestamp());

    /// <summary>The timestamp of the last move; at first, that of the worker's start.</summary>
    public long MovedAt => _movedAt.Value;

    /// <summary>How long it has stood still since a move.</summary>
    public TimeSpan StillSince(long movedAt) => time.GetElapsedTime(movedAt);

    /// <summary>There was something to read.</summary>
    public void Moved() => _movedAt.Publish(time.GetTimestamp());

    /// <summary>Ends a wait with the first move behind the one that is known. Returns when the wait has ended, in whatever way.</summary>
    public async Task WakeAsync(long known, CancellationTokenSource wait)
    {
        await _movedAt.WaitForOtherAsync(known, wait.Token);
        wait.Cancel();
    }
}
