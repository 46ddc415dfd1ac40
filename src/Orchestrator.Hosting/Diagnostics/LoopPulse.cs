using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.Diagnostics;

/// <summary>Whether a loop still turns. The loop says by when it must turn again; who looks sees how long that is past. One writer, any readers.</summary>
internal sealed class LoopPulse(TimeProvider time)
{
    private const long Resting = long.MaxValue;

    private long _due = Resting;

    /// <summary>How long the next turn is overdue; zero while it is not, and while the loop rests.</summary>
    public TimeSpan Overdue
    {
        get
        {
            long due = Interlocked.Read(ref _due);
            long now = time.GetTimestamp();
            return due >= now ? TimeSpan.Zero : time.GetElapsedTime(due, now);
        }
    }

    /// <summary>The loop turns.</summary>
    /// <param name="pause">How long it means to wait from here; default: not at all.</param>
    public void Turned(TimeSpan pause = default) => Interlocked.Exchange(ref _due, time.GetTimestampAfter(pause));

    /// <summary>The loop waits for something that may never come, or has ended.</summary>
    public void Rests() => Interlocked.Exchange(ref _due, Resting);
}
