namespace Orchestrator.Benchmarks.Servers;

/// <summary>Workers of one replica set, each in a process of its own, the oldest first.</summary>
internal sealed class WorkerProcesses(BenchmarkDatabase database, string replicaSet) : IAsyncDisposable
{
    private readonly Queue<Victim> _running = new();

    /// <summary>Starts processes, all at once, and waits until each says that it has started.</summary>
    public async Task StartAsync(int count, CancellationToken cancellationToken)
    {
        foreach (Victim started in await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Victim.StartAsync(database.ConnectionString, replicaSet, lockKey: null, cancellationToken))))
        {
            _running.Enqueue(started);
        }
    }

    /// <summary>Stops the oldest, all at once, in good order.</summary>
    public async Task StopAsync(int count, CancellationToken cancellationToken)
    {
        Victim[] oldest = [.. Enumerable.Range(0, count).Select(_ => _running.Dequeue())];
        await Task.WhenAll(oldest.Select(process => process.StopAsync(cancellationToken)));
        Array.ForEach(oldest, static process => process.Dispose());
    }

    public async ValueTask DisposeAsync() => await StopAsync(_running.Count, CancellationToken.None);
}
