using System.Diagnostics;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>
/// Measures how fast one projection goes through a log: from the commit of its first batch, when the worker has found its place, to that of its last.
/// </summary>
/// <param name="lastPosition">The position of the log's last event.</param>
internal sealed class CatchUpProbe(long lastPosition)
{
    private readonly TaskCompletionSource<double> _rate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _handled;
    private long _handledAtStart;
    private long _started;
    private long _allocatedAtStart;

    /// <summary>Events a second, once the last one is committed.</summary>
    public Task<double> Rate => _rate.Task;

    /// <summary>Bytes that the process has allocated for an event meanwhile, its payload included; known when <see cref="Rate"/> is.</summary>
    public double AllocatedBytes { get; private set; }

    /// <summary>Notes an event. Called by one batch after another.</summary>
    public void Handle(PersistedEvent e, ProjectionContext context)
    {
        if (_handled++ == 0)
        {
            context.OnCommitted(Start);
        }

        if (e.GlobalPosition == lastPosition)
        {
            context.OnCommitted(End);
        }
    }

    private void Start()
    {
        _handledAtStart = _handled;
        _allocatedAtStart = GC.GetTotalAllocatedBytes(precise: true);
        _started = Stopwatch.GetTimestamp();
    }

    private void End()
    {
        double rate = (_handled - _handledAtStart) / Stopwatch.GetElapsedTime(_started).TotalSeconds;
        AllocatedBytes = (GC.GetTotalAllocatedBytes(precise: true) - _allocatedAtStart) / (double)(_handled - _handledAtStart);
        _rate.TrySetResult(rate);
    }
}
