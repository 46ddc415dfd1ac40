using Microsoft.Extensions.Hosting;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>Ties one replica set to the host's life. Hosted services stop one after another; every replica set begins to drain at once, when the host says that it stops.</summary>
internal sealed class ReplicaSetHostedService(ReplicaSetAgent agent, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        await agent.RunAsync(stop.Token);
    }
}
