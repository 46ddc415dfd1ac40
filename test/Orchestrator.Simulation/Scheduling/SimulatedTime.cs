namespace Orchestrator.Simulation.Scheduling;

/// <summary>A node's clocks and timers, on the world's virtual time: a monotonic clock that runs a little too fast or too slow, and a wall clock that is wrong.</summary>
internal sealed class SimulatedTime(World world, SimulatedNode node, double rate, TimeSpan wrongBy) : TimeProvider
{
    private TimeSpan _wrongBy = wrongBy;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (long)(world.Now * rate);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50).AddTicks(GetTimestamp()) + _wrongBy;

    /// <summary>Somebody sets the wall clock.</summary>
    public void SetWallClock(TimeSpan by) => _wrongBy += by;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private Scheduled At(TimeSpan dueTime, SendOrPostCallback callback, object? state) => world.At(node, dueTime / rate, callback, state);

    private sealed class Timer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        private static readonly SendOrPostCallback s_fire = static timer => ((Timer)timer!).Fire();

        private Scheduled? _next;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _next?.Cancel();
            _next = _disposed || dueTime == Timeout.InfiniteTimeSpan ? null : time.At(dueTime, s_fire, this);
            return !_disposed;
        }

        public void Dispose()
        {
            _disposed = true;
            _next?.Cancel();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire() => callback(state);
    }
}
