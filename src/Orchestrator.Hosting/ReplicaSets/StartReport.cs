using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>Says once, before the first worker registers, what an operator should know of the settings, and begins to follow their changes.</summary>
internal sealed class StartReport(LiveSettings settings, UnregisteredSections unregistered, OrchestratorConfiguration configuration, SettingsReload reload, ILogger<StartReport> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.ReplicaSets.Count == 0)
        {
            logger.NoReplicaSet();
        }

        foreach (string finding in unregistered.FindNew())
        {
            logger.SectionWithoutEffect(finding);
        }

        if (logger.IsEnabled(LogLevel.Information))
        {
            ReportSettings();
        }

        reload.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void ReportSettings()
    {
        foreach (LiveReplicaSet replicaSet in settings.ReplicaSets)
        {
            string[] own = [.. replicaSet.Section.Differences(configuration)];
            logger.ReplicaSetSettings(replicaSet.Name, own.Length == 0 ? "all as by default" : string.Join(", ", own));
            foreach (LiveProjection projection in replicaSet.Projections)
            {
                string[] differences = [.. projection.Section.Differences(configuration)];
                if (differences.Length > 0)
                {
                    logger.ProjectionSettings(projection.Name, replicaSet.Name, string.Join(", ", differences));
                }
            }
        }
    }
}
