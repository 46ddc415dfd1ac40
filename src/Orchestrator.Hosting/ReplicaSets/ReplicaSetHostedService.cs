using Microsoft.Extensions.Hosting;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>Ties one replica set to the host's life. Hosted services stop one after another; every replica set begins to drain at once, when the host says that it stops.</summary>
internal sealed class ReplicaSetHostedService(ReplicaSetAgentFactory agents, ReplicaSetRegistration replicaSet, IHostApplicationLifetime lifetime) : BackgroundService
{
    private bool _started;
    private ReplicaSetAgent? _agent;
    private RunningReplicaSets? _running;

    // The host makes its services before it validates options: made here, the agent reads them only behind that, and all faults of all replica sets are reported at once.
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_started)
        {
            throw new InvalidOperationException($"The replica set '{replicaSet.Name}' has been started before. A host starts once: build another one to run again.");
        }

        _started = true;
        _agent = agents.Create(replicaSet);
        if (_agent is not null)
        {
            _running = agents.GetRunning();
            await base.StartAsync(cancellationToken);
            _running.Add(replicaSet.Name, ExecuteTask!, _agent.LongestEnd);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping, _running!.Stopping);
        try
        {
            await _agent!.RunAsync(stop.Token);
        }
        catch (ObjectDisposedException) when (agents.IsDisposed)
        {
            // A batch began in the moment between the services' end and the word of it, and found no scope any more. The worker has drained and left all the same.
        }
    }
}
