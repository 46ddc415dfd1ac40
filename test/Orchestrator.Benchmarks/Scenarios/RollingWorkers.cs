using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>Workers of one replica set, as hosts in this process, of which the oldest go first.</summary>
internal sealed class RollingWorkers(string connectionString) : IAsyncDisposable
{
    private readonly string _replicaSet = Worker.NewReplicaSet();
    private readonly Queue<IHost> _running = new();

    /// <summary>Starts workers, all at once, without waiting for a generation.</summary>
    public async Task StartAsync(int count, CancellationToken cancellationToken)
    {
        IHost[] hosts =
        [
            .. Enumerable.Range(0, count).Select(_ => Worker.Create(
                connectionString, _replicaSet, new CommitTimes(), static replicaSet => replicaSet.AddProjection<WrittenWitness>(CommitWitness.Name))),
        ];
        Array.ForEach(hosts, _running.Enqueue);
        await Task.WhenAll(hosts.Select(host => host.StartAsync(cancellationToken)));
    }

    /// <summary>Stops the oldest, all at once, in good order.</summary>
    public async Task StopAsync(int count, CancellationToken cancellationToken)
    {
        IHost[] oldest = [.. Enumerable.Range(0, count).Select(_ => _running.Dequeue())];
        await Task.WhenAll(oldest.Select(host => host.StopAsync(cancellationToken)));
        Array.ForEach(oldest, static host => host.Dispose());
    }

    public async ValueTask DisposeAsync() => await StopAsync(_running.Count, CancellationToken.None);
}
