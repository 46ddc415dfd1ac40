using System.Diagnostics;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>
/// Measures how fast one projection goes through a log: from the commit of its first batch, when the worker has found its place, to that of its last. Counts what is committed, in any number of lanes.
/// </summary>
/// <param name="events">How many events there are.</param>
internal sealed class CatchUpProbe(long events)
{
    private readonly TaskCompletionSource<double> _rate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private long _committed;
    private long _committedAtStart;
    private long _started;
    private long _allocatedAtStart;

    /// <summary>Events a second, once the last one is committed.</summary>
    public Task<double> Rate => _rate.Task;

    /// <summary>Bytes that the process has allocated for an event meanwhile, its payload included; known when <see cref="Rate"/> is.</summary>
    public double AllocatedBytes { get; private set; }

    /// <summary>A batch is committed.</summary>
    public void Committed(int batch)
    {
        lock (_lock)
        {
            _committed += batch;
            if (_committedAtStart == 0)
            {
                Start();
            }

            if (_committed == events)
            {
                End();
            }
        }
    }

    private void Start()
    {
        _committedAtStart = _committed;
        _allocatedAtStart = GC.GetTotalAllocatedBytes(precise: true);
        _started = Stopwatch.GetTimestamp();
    }

    private void End()
    {
        long measured = _committed - _committedAtStart;
        AllocatedBytes = (GC.GetTotalAllocatedBytes(precise: true) - _allocatedAtStart) / (double)measured;
        _rate.TrySetResult(measured / Stopwatch.GetElapsedTime(_started).TotalSeconds);
    }
}
