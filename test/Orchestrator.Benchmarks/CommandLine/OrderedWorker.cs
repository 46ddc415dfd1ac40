using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orchestrator.Benchmarks.Raw;
using Orchestrator.Benchmarks.Scenarios;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.CommandLine;

/// <summary>The worker of a worker process: one at a time, as ordered.</summary>
internal sealed class OrderedWorker : IAsyncDisposable
{
    private readonly CommitLog _commits = new();
    private IHost? _host;
    private NpgsqlConnection? _locked;

    /// <summary>Starts a worker, without waiting for a generation.</summary>
    public async Task StartAsync(WorkerOrder order, CancellationToken cancellationToken)
    {
        if (order.LockKey is { } key)
        {
            _locked = await RawLock.OpenAsync(order.ConnectionString, cancellationToken);
            await RawLock.TakeAsync(_locked, key, cancellationToken);
        }

        _host = Create(order);
        await _host.StartAsync(cancellationToken);
    }

    /// <summary>Stops the worker in good order, if there is one.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_host is { } host)
        {
            await host.StopAsync(cancellationToken);
            host.Dispose();
            _host = null;
        }

        if (_locked is { } locked)
        {
            await locked.DisposeAsync();
            _locked = null;
        }
    }

    /// <summary>The commits of all workers since the last call.</summary>
    public IReadOnlyList<Commit> TakeCommits() => _commits.Take();

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private IHost Create(WorkerOrder order) => order.Work switch
    {
        WorkerWork.Die => Worker.Create(
            order.ConnectionString, order.ReplicaSet, new CommitTimes(), static replicaSet => replicaSet.AddProjection<CommitWitness>(CommitWitness.Name), TakeoverScenario.Configure),
        WorkerWork.Write => Worker.Create(
            order.ConnectionString,
            order.ReplicaSet,
            _commits,
            static replicaSet => replicaSet.AddProjection<WrittenWitness>(CommitWitness.Name),
            options => options.Strategy = order.Strategy),
        _ => Worker.Create(
            order.ConnectionString,
            order.ReplicaSet,
            new GapWitnessProbe(_commits, order.BatchDuration, order.LongestBatch),
            static replicaSet => replicaSet.AddProjection<GapWitness>(CommitWitness.Name, static projection => projection.BatchSize = 1_000),
            options => options.Strategy = order.Strategy),
    };
}
