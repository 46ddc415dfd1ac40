namespace Orchestrator.Benchmarks.Servers;

/// <summary>
/// Worker processes that are started beforehand and wait for their orders: to join then costs the machine's cores what a join costs, not what the start of a program costs.
/// Who has stopped can be told to start again, as another worker.
/// </summary>
internal sealed class WorkerProcesses : IAsyncDisposable
{
    private readonly Queue<WorkerProcess> _parked;
    private readonly List<WorkerProcess> _running = [];

    private WorkerProcesses(IEnumerable<WorkerProcess> parked) => _parked = new Queue<WorkerProcess>(parked);

    /// <summary>How many run a worker.</summary>
    public int Running => _running.Count;

    /// <summary>Starts processes, all at once, that run no worker yet.</summary>
    public static async Task<WorkerProcesses> ParkAsync(int count, CancellationToken cancellationToken) =>
        new(await Task.WhenAll(Enumerable.Range(0, count).Select(_ => WorkerProcess.StartAsync(cancellationToken))));

    /// <summary>Lets every process run a worker of a replica set of its own until all have shared the log between them, so that nothing is compiled for the first time when it counts.</summary>
    /// <param name="database">The database; its log must be growing.</param>
    /// <param name="order">What is run later. The replica set is another.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WarmUpAsync(BenchmarkDatabase database, WorkerOrder order, CancellationToken cancellationToken)
    {
        var progress = new Progress(database, Worker.NewReplicaSet());
        await StartAsync(_parked.Count, order with { ReplicaSet = progress.ReplicaSet }, cancellationToken);
        await progress.WaitForGenerationAsync(Running, cancellationToken);
        await progress.WaitForNextEventsAsync(cancellationToken);
        await StopOldestAsync(Running, cancellationToken);
        await ReportAsync(cancellationToken);
    }

    /// <summary>Starts workers, all at once, without waiting for a generation.</summary>
    public async Task StartAsync(int count, WorkerOrder order, CancellationToken cancellationToken)
    {
        WorkerProcess[] next = [.. Enumerable.Range(0, count).Select(_ => _parked.Dequeue())];
        _running.AddRange(next);
        await Task.WhenAll(next.Select(process => process.RunAsync(order, cancellationToken)));
    }

    /// <summary>Stops the workers that were started first, all at once, in good order.</summary>
    public Task StopOldestAsync(int count, CancellationToken cancellationToken) => StopAsync(0, count, cancellationToken);

    /// <summary>Stops the worker that was started last.</summary>
    public Task StopNewestAsync(CancellationToken cancellationToken) => StopAsync(_running.Count - 1, 1, cancellationToken);

    /// <summary>The commits of every process since the last report.</summary>
    public async Task<IReadOnlyList<Commit>> ReportAsync(CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(_parked.Concat(_running).Select(process => process.ReportAsync(cancellationToken)))).SelectMany(static commits => commits)];

    public async ValueTask DisposeAsync()
    {
        WorkerProcess[] all = [.. _parked, .. _running];
        await Task.WhenAll(all.Select(static process => process.EndAsync(CancellationToken.None)));
        Array.ForEach(all, static process => process.Dispose());
    }

    private async Task StopAsync(int first, int count, CancellationToken cancellationToken)
    {
        List<WorkerProcess> leaving = _running.GetRange(first, count);
        _running.RemoveRange(first, count);
        await Task.WhenAll(leaving.Select(process => process.StopAsync(cancellationToken)));
        leaving.ForEach(_parked.Enqueue);
    }
}
