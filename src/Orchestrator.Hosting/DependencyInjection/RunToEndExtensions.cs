using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Errors;
using Orchestrator.Hosting.ReplicaSets;
using Orchestrator.Hosting.Threading;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Runs projections as a job instead of a service.</summary>
public static class RunToEndExtensions
{
    /// <summary>
    /// Starts a host, waits until every projection of its enabled replica sets has applied the log as far as it goes at that moment, and stops the host: for jobs and tests. Other workers of the same
    /// replica sets may share the work. An append that is still open then is waited for, if a later one has been committed already.
    /// </summary>
    /// <param name="host">The host, built and not started.</param>
    /// <param name="cancellationToken">Gives up; the host is stopped in good order all the same.</param>
    /// <returns>A task that ends when the host has stopped.</returns>
    /// <exception cref="ProjectionStoppedException">A handler kept failing, so that its projection has stopped.</exception>
    /// <exception cref="EventLogRefusedException">The event log must not be read as it is; the message says what mends it.</exception>
    /// <exception cref="InvalidOperationException">The host was stopped before the end was reached.</exception>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public static async Task RunProjectionsToEndAsync(this IHost host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        await host.StartAsync(cancellationToken);
        try
        {
            IServiceProvider services = host.Services;
            CancellationToken stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
            var end = new EndOfLog(
                services.GetRequiredService<OrchestratorRegistry>(),
                services.GetRequiredService<IOptionsMonitor<ReplicaSetOptions>>(),
                services.GetRequiredService<ReplicaSetAgentFactory>().GetStores(),
                services.GetRequiredService<OrchestratorStatus>(),
                services.GetRequiredService<ExecutionEnvironment>(),
                services.GetRequiredService<ILogger<EndOfLog>>());
            try
            {
                await end.WaitAsync(either.Token);
            }
            catch (OperationCanceledException exception) when (stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new InvalidOperationException("The host was stopped before every projection had reached the end of the log. The log says why; run again to go on where it stopped.", exception);
            }
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }
}
