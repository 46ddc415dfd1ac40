using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orchestrator.ChaosTests.Workers;

/// <summary>
/// Asks the worker's own liveness all the time, as a platform does, and ends the process as it would: after three failures in a row. No fault is a reason for that, so a worker that ends by it fails the run.
/// </summary>
internal sealed class LivenessProbe(HealthCheckService health, TimeProvider time, ILogger<LivenessProbe> logger) : BackgroundService
{
    private const int MostFailures = 3;
    private const int KilledByItsProbe = 77;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        for (int failures = 0; await WaitAsync(timer, stoppingToken);)
        {
            HealthReport report = await health.CheckHealthAsync(check => check.Tags.Contains("live"), CancellationToken.None);
            failures = report.Status == HealthStatus.Unhealthy ? failures + 1 : 0;
            if (failures > 0)
            {
                LogFailure(failures, report);
            }

            if (failures == MostFailures)
            {
                Environment.Exit(KilledByItsProbe);
            }
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void LogFailure(int failures, HealthReport report)
    {
        if (logger.IsEnabled(LogLevel.Critical))
        {
            string causes = string.Join("; ", report.Entries.Values.Select(entry => entry.Description));
#pragma warning disable CA1848 // Said once in a failing run.
            logger.LogCritical("Liveness failed (in a row: {Failures}): {Causes}", failures, causes);
#pragma warning restore CA1848
        }
    }
}
