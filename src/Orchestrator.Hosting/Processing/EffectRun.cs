using Orchestrator.Events;

namespace Orchestrator.Hosting.Processing;

/// <summary>
/// Runs the effects of one batch: those of different aggregates at the same time, those of one aggregate one after another. They begin in the order of the log, so that what is left undone when the run ends
/// lies together at the end. One use.
/// </summary>
/// <param name="events">The events, in the order of the log.</param>
/// <param name="mayBegin">Asked before each; the argument: whether another has begun before. False ends the run: nothing more begins.</param>
/// <param name="effect">Runs one.</param>
internal sealed class EffectRun(IReadOnlyList<PersistedEvent> events, Func<bool, bool> mayBegin, Func<PersistedEvent, CancellationToken, ValueTask> effect)
{
    private readonly Lock _lock = new();
    private readonly Progress[] _progress = new Progress[events.Count];
    private readonly HashSet<(string Type, string Id)> _busy = [];

    // Where an event has failed: it and what stands behind it does not begin any more.
    private int _end = events.Count;
    private HandlerFailedException? _failure;
    private bool _over;

    private enum Progress
    {
        Waiting,
        Begun,
        Done,
    }

    /// <summary>Runs.</summary>
    /// <param name="concurrency">The most effects at the same time.</param>
    /// <param name="abort">Gives up.</param>
    /// <returns>How many are done without one before them that is not, and why the next one failed, if it did. What is done behind that is repeated.</returns>
    /// <exception cref="OperationCanceledException">Aborted.</exception>
    public async Task<(int Done, HandlerFailedException? Failure)> RunAsync(int concurrency, CancellationToken abort)
    {
        // A lane without anything to begin ends. It would not be missed: only the end of an effect lets another begin, that of the same aggregate, and whoever was busy with it goes on with that.
        await (concurrency == 1 ? LaneAsync(abort) : Task.WhenAll(Enumerable.Range(0, Math.Min(concurrency, events.Count)).Select(_ => LaneOnItsOwnAsync(abort))));
        int undone = Array.FindIndex(_progress, static progress => progress != Progress.Done);
        return (undone < 0 ? events.Count : undone, _failure);
    }

    // An effect may block its thread: not those of the others.
    private async Task LaneOnItsOwnAsync(CancellationToken abort)
    {
        await Task.Yield();
        await LaneAsync(abort);
    }

    private async Task LaneAsync(CancellationToken abort)
    {
        while (TryBegin(out int next))
        {
            HandlerFailedException? failure = null;
            try
            {
                abort.ThrowIfCancellationRequested();
                await effect(events[next], abort);
            }
            catch (OperationCanceledException) when (abort.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception exception)
            {
                failure = new HandlerFailedException(exception, [events[next]]);
            }

            End(next, failure);
        }
    }

    private bool TryBegin(out int next)
    {
        lock (_lock)
        {
            next = FirstFree();
            _over |= next < _end && !mayBegin(_progress[0] != Progress.Waiting);
            if (_over || next == _end)
            {
                return false;
            }

            _progress[next] = Progress.Begun;
            return _busy.Add(AggregateOf(next));
        }
    }

    private int FirstFree()
    {
        int index = 0;
        while (index < _end && (_progress[index] != Progress.Waiting || _busy.Contains(AggregateOf(index))))
        {
            index++;
        }

        return index;
    }

    // What stands in front of one that failed still begins, so that it need not be repeated with it; what stands behind does not.
    private void End(int index, HandlerFailedException? failure)
    {
        lock (_lock)
        {
            _busy.Remove(AggregateOf(index));
            if (failure is null)
            {
                _progress[index] = Progress.Done;
            }
            else if (index < _end)
            {
                (_end, _failure) = (index, failure);
            }
        }
    }

    private (string Type, string Id) AggregateOf(int index) => (events[index].AggregateType, events[index].AggregateId);
}
