namespace Orchestrator.Hosting.Diagnostics;

/// <summary>What a runner knows of its projection. Written by the runner as immutable values; any readers.</summary>
internal sealed class ProjectionStatus(string name, TimeProvider time, ProjectionMetrics? metrics = null)
{
    private volatile IReadOnlyList<RowStatus> _rows = [];
    private volatile HandlerCall? _call;
    private long _movedAt = time.GetTimestamp();
    private long _busyTicks;

    public string Name { get; } = name;

    /// <summary>Where what happens is counted.</summary>
    public ProjectionMetrics Metrics { get; } = metrics ?? ReplicaSetMetrics.None.Of(name);

    /// <summary>The runner's loop. Says nothing while a handler runs: how long that takes is the application's affair.</summary>
    public LoopPulse Pulse { get; } = new(time);

    /// <summary>The rows, in the order of their slots.</summary>
    public IReadOnlyList<RowStatus> Rows
    {
        get => _rows;
        set
        {
            if (!value.Any(static row => row.PendingSince is not null) || HasMoved(_rows, value))
            {
                Interlocked.Exchange(ref _movedAt, time.GetTimestamp());
            }

            _rows = value;
        }
    }

    /// <summary>For how long no row has moved while there was something to apply; zero while there is nothing. By this machine's clock alone.</summary>
    public TimeSpan StandsStill => _rows.Any(static row => row.PendingSince is not null) ? time.GetElapsedTime(Interlocked.Read(ref _movedAt)) : TimeSpan.Zero;

    /// <summary>For how long it has been at batches that were committed.</summary>
    public TimeSpan Busy => TimeSpan.FromTicks(Interlocked.Read(ref _busyTicks));

    /// <summary>How long the handler has been at work on the batch in hand; null: no handler runs.</summary>
    public TimeSpan? InHandler => _call?.Lasting;

    /// <summary>A batch has taken effect.</summary>
    /// <param name="events">How many events were handled.</param>
    /// <param name="took">From its begin to its commit.</param>
    public void Committed(int events, TimeSpan took)
    {
        Interlocked.Add(ref _busyTicks, took.Ticks);
        Metrics.BatchCommitted(events, took);
    }

    /// <summary>A handler begins.</summary>
    /// <returns>To be disposed when it ends.</returns>
    public IDisposable EnterHandler() => new HandlerCall(this, time);

    private static bool HasMoved(IReadOnlyList<RowStatus> before, IReadOnlyList<RowStatus> now) =>
        !before.Any(static row => row.PendingSince is not null) || !before.Select(static row => row.Position).SequenceEqual(now.Select(static row => row.Position));

    private sealed class HandlerCall : IDisposable
    {
        private readonly ProjectionStatus _owner;
        private readonly TimeProvider _time;
        private readonly long _startedAt;

        public HandlerCall(ProjectionStatus owner, TimeProvider time)
        {
            (_owner, _time, _startedAt) = (owner, time, time.GetTimestamp());
            owner._call = this;
        }

        public TimeSpan Lasting => _time.GetElapsedTime(_startedAt);

        public void Dispose()
        {
            _owner.Pulse.Turned();
            _owner._call = null;
        }
    }
}
