using System.Collections.Concurrent;
using System.Diagnostics;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>When events were applied, by their ids.</summary>
internal sealed class AppliedEvents
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<long>> _events = new();

    /// <summary>Announces an event before it is appended. The task gives the timestamp of its commit in the read model.</summary>
    public Task<long> Expect(Guid eventId) =>
        _events.GetOrAdd(eventId, static _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Notes that an event has been applied and committed. One that nobody expects is of another run.</summary>
    public void Applied(Guid eventId)
    {
        long now = Stopwatch.GetTimestamp();
        if (_events.TryGetValue(eventId, out TaskCompletionSource<long>? waiting))
        {
            waiting.TrySetResult(now);
        }
    }
}
