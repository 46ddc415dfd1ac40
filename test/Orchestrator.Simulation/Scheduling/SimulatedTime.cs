namespace Orchestrator.Simulation.Scheduling;

/// <summary>A node's clock and timers, on the world's virtual time.</summary>
internal sealed class SimulatedTime(World world, SimulatedNode node) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => world.Now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(world.Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(world, node, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(World world, SimulatedNode node, Action callback) : ITimer
    {
        private long _version;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            long version = ++_version;
            if (!_disposed && dueTime != Timeout.InfiniteTimeSpan)
            {
                world.At(node, dueTime, () => Fire(version));
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
