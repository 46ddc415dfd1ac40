using System.Collections.Concurrent;

namespace Orchestrator.Workflows.Background;

/// <summary>Tells this host's executors that a run was begun here, so that it need not wait for their next look.</summary>
internal sealed class RunSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _next = new(StringComparer.Ordinal);

    /// <summary>Ends when a run of the workflow is begun, from now on. Taken before a look, so that nothing is missed between the two.</summary>
    public Task Next(string workflow) => _next.GetOrAdd(workflow, static _ => Create()).Task;

    /// <summary>Wakes who waits.</summary>
    public void Pulse(string workflow)
    {
        if (_next.TryRemove(workflow, out TaskCompletionSource? waiting))
        {
            waiting.TrySetResult();
        }
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
