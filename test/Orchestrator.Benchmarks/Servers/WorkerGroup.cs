using Microsoft.Extensions.Hosting;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;

namespace Orchestrator.Benchmarks.Servers;

/// <summary>The workers of one replica set, as hosts in this process, each with a pool of its own.</summary>
/// <param name="database">The database.</param>
/// <param name="createHost">Creates the next worker of a replica set.</param>
internal sealed class WorkerGroup(BenchmarkDatabase database, Func<string, IHost> createHost) : IAsyncDisposable
{
    private readonly Stack<IHost> _hosts = [];

    /// <summary>How far the replica set has come. It has no checkpoints yet.</summary>
    public Progress Progress { get; } = new(database, Worker.NewReplicaSet());

    /// <summary>The replica set.</summary>
    public string ReplicaSet => Progress.ReplicaSet;

    /// <summary>How many workers there are now.</summary>
    public int Count => _hosts.Count;

    /// <summary>A group whose workers are all the same.</summary>
    public static WorkerGroup Of<TProbe>(BenchmarkDatabase database, TProbe probe, Action<IReplicaSetBuilder> addProjections, Action<ReplicaSetOptions>? configure = null)
        where TProbe : class => new(database, replicaSet => Worker.Create(database.ConnectionString, replicaSet, probe, addProjections, configure));

    /// <summary>Starts workers, without waiting for a generation.</summary>
    public async Task StartAsync(int workers, CancellationToken cancellationToken)
    {
        for (int i = 0; i < workers; i++)
        {
            IHost host = createHost(ReplicaSet);
            _hosts.Push(host);
            await host.StartAsync(cancellationToken);
        }
    }

    /// <summary>Stops the worker that was started last.</summary>
    public async Task StopOneAsync(CancellationToken cancellationToken)
    {
        using IHost host = _hosts.Pop();
        await host.StopAsync(cancellationToken);
    }

    /// <summary>Waits until a generation of all of them, and of workers elsewhere, is active.</summary>
    /// <returns>The generation.</returns>
    public Task<long> WaitForGenerationAsync(CancellationToken cancellationToken, int elsewhere = 0) => Progress.WaitForGenerationAsync(_hosts.Count + elsewhere, cancellationToken);

    /// <summary>Waits until every checkpoint stands at a position.</summary>
    /// <param name="position">The position.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="stopped">A projection that need not.</param>
    public Task WaitForPositionAsync(long position, CancellationToken cancellationToken, string stopped = "") => Progress.WaitForPositionAsync(position, cancellationToken, stopped);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_hosts.Select(host => host.StopAsync()));
        foreach (IHost host in _hosts)
        {
            host.Dispose();
        }
    }
}
