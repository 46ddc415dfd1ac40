using Microsoft.Extensions.Hosting;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>Ties one replica set to the host's life. Hosted services stop one after another; every replica set begins to drain at once, when the host says that it stops.</summary>
internal sealed class ReplicaSetHostedService(ReplicaSetAgentFactory agents, ReplicaSetRegistration replicaSet, IHostApplicationLifetime lifetime) : BackgroundService
{
    private ReplicaSetAgent? _agent;

    // The host makes its services before it validates options: made here, the agent reads them only behind that, and all faults of all replica sets are reported at once.
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _agent = agents.Create(replicaSet);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        if (_agent is not null)
        {
            await _agent.RunAsync(stop.Token);
        }
    }
}
