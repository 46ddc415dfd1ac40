using System.Diagnostics;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Benchmarks.Growth;

/// <summary>Marks how far a projection has come, when, and with how much memory; a mark each so many events, at the commit.</summary>
/// <param name="lastPosition">The position of the last event that counts.</param>
/// <param name="step">Events from mark to mark.</param>
internal sealed class GrowthProbe(long lastPosition, int step)
{
    private readonly TaskCompletionSource<IReadOnlyList<GrowthMark>> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<GrowthMark> _marks = [];
    private long _handled;

    /// <summary>Every mark, once the last event is committed. The first is that of the first batch.</summary>
    public Task<IReadOnlyList<GrowthMark>> End => _end.Task;

    /// <summary>Notes an event. Called by one batch after another.</summary>
    public void Handle(PersistedEvent e, ProjectionContext context)
    {
        _handled++;
        if (_handled % step == 1 % step || e.GlobalPosition == lastPosition)
        {
            context.OnCommitted(Mark);
        }

        if (e.GlobalPosition == lastPosition)
        {
            context.OnCommitted(() => _end.TrySetResult(_marks));
        }
    }

    private void Mark() => _marks.Add(new GrowthMark(_handled, Stopwatch.GetTimestamp(), Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false)));
}

/// <summary>How far a projection has come.</summary>
/// <param name="Events">Events committed.</param>
/// <param name="At">The stopwatch's timestamp.</param>
/// <param name="WorkingSet">Bytes of this process in memory.</param>
/// <param name="Heap">Bytes of objects, those included that nobody uses any more and no collection has taken yet.</param>
internal sealed record GrowthMark(long Events, long At, long WorkingSet, long Heap);

/// <summary>Does nothing but be counted.</summary>
internal sealed class CountedProjection(GrowthProbe probe) : IProjection
{
    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        probe.Handle(e, context);
        return ValueTask.CompletedTask;
    }
}
