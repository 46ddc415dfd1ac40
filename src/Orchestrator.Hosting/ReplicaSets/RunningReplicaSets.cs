using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>
/// What runs in this process, and how it ends when the services are disposed although nobody has stopped the host (<c>IHost.Dispose</c> stops nothing). Services are disposed in the reverse order of
/// their creation. So this one must be made behind the stores: then the workers have drained and left before a store closes.
/// </summary>
internal sealed class RunningReplicaSets(ExecutionEnvironment environment, ILogger<RunningReplicaSets> logger) : IAsyncDisposable, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<Run> _runs = [];

    /// <summary>The services are being disposed: drain, and leave.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Remembers what must have ended before the stores close.</summary>
    /// <param name="replicaSet">Its name.</param>
    /// <param name="task">Ends with it.</param>
    /// <param name="patience">For how long its end is waited for. A handler that heeds no cancellation would hold up the process for ever.</param>
    public void Add(string replicaSet, Task task, TimeSpan patience)
    {
        lock (_lock)
        {
            _runs.Add(new Run(replicaSet, task, patience));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Run[] runs;
        lock (_lock)
        {
            runs = [.. _runs];
            _runs.Clear();
        }

        _stop.Cancel();
        long since = environment.Time.GetTimestamp();
        foreach (Run run in runs)
        {
            await EndAsync(run, since);
        }
    }

    /// <summary>The same, for whoever disposes their services with a plain <c>using</c>.</summary>
    public void Dispose()
    {
        // Blocks the thread. Were it the only one of a synchronization context, as in a desktop application, nothing could continue on it meanwhile: so nothing may try.
        SynchronizationContext? ambient = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(ambient);
        }
    }

    private async Task EndAsync(Run run, long since)
    {
        TimeSpan left = run.Patience - environment.Time.GetElapsedTime(since);
        using var impatience = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, environment.Time);
        try
        {
            await Interruptible.WaitAsync(run.Task, impatience.Token);
        }
        catch (OperationCanceledException) when (!run.Task.IsCompleted)
        {
            logger.DisposedWhileRunning(run.ReplicaSet, run.Patience);
        }
        catch (Exception) when (run.Task.IsCompleted)
        {
            // How it ended is for the host, which awaits it too and logs it. Here it counts only that it has.
        }
    }

    private sealed record Run(string ReplicaSet, Task Task, TimeSpan Patience);
}
