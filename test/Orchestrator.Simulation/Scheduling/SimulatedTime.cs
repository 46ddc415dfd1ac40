namespace Orchestrator.Simulation.Scheduling;

/// <summary>A node's clocks and timers, on the world's virtual time: a monotonic clock that runs a little too fast or too slow, and a wall clock that is wrong.</summary>
internal sealed class SimulatedTime(World world, SimulatedNode node, double rate, TimeSpan wrongBy) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (long)(world.Now * rate);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50).AddTicks(GetTimestamp()) + wrongBy;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private void At(TimeSpan dueTime, Action callback) => world.At(node, dueTime / rate, callback);

    private sealed class Timer(SimulatedTime time, Action callback) : ITimer
    {
        private long _version;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            long version = ++_version;
            if (!_disposed && dueTime != Timeout.InfiniteTimeSpan)
            {
                time.At(dueTime, () => Fire(version));
            }

            return !_disposed;
        }

        public void Dispose() => _disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(long version)
        {
            if (!_disposed && version == _version)
            {
                callback();
            }
        }
    }
}
