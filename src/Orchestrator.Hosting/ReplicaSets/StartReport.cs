using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>Says once, before the first worker registers, what an operator should know of the settings.</summary>
internal sealed class StartReport(OrchestratorRegistry registry, UnregisteredSections unregistered, ILogger<StartReport> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (registry.ReplicaSets.Count == 0)
        {
            logger.NoReplicaSet();
        }

        foreach (string finding in unregistered.Find())
        {
            logger.SectionWithoutEffect(finding);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
