using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Errors;
using Orchestrator.Hosting.Processing;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>Waits until every projection of this process has applied the log as far as it goes when the wait begins, whichever workers do it.</summary>
internal sealed class EndOfLog(
    OrchestratorRegistry registry,
    IOptionsMonitor<ReplicaSetOptions> options,
    ProviderStores stores,
    OrchestratorStatus status,
    ExecutionEnvironment environment,
    ILogger<EndOfLog> logger)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits.</summary>
    /// <exception cref="ProjectionStoppedException">A projection has stopped in this process.</exception>
    /// <exception cref="EventLogRefusedException">The log must not be read.</exception>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        ReplicaSetRegistration[] replicaSets = [.. registry.ReplicaSets.Where(replicaSet => options.Get(replicaSet.Name).Enabled)];
        long? end = null;
        var stall = new Stall(environment.Time);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan pause = s_pause;
            try
            {
                end ??= await stores.Log.ReadEndAsync(cancellationToken);
                if (await AreAtAsync(replicaSets, end.Value, cancellationToken))
                {
                    return;
                }

                stall.Ends();
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && (stores.Errors.IsInfrastructure(exception) || exception is DbException))
            {
                // The database is away, or has no tables yet. The workers wait for the same, and say when it is over.
                LogLevel level = stall.Fails(exception);
                pause = Backoff.Infrastructure.Delay(stall.Failures, environment.Random);
                logger.EndOfLogUnknown(level, exception, stall.Failures, pause);
            }

            ThrowIfStopped();
            await Interruptible.DelayAsync(pause, environment.Time, cancellationToken);
        }
    }

    private async Task<bool> AreAtAsync(IEnumerable<ReplicaSetRegistration> replicaSets, long end, CancellationToken cancellationToken)
    {
        foreach (ReplicaSetRegistration replicaSet in replicaSets)
        {
            IEnumerable<ProjectionProgress> progress = await stores.Checkpoints.ReadProgressAsync(replicaSet.Name, cancellationToken);
            var positions = progress.ToDictionary(entry => entry.Projection, entry => entry.Position, StringComparer.Ordinal);
            if (replicaSet.Projections.Exists(projection => positions.GetValueOrDefault(projection.Name) < end))
            {
                return false;
            }
        }

        return true;
    }

    private void ThrowIfStopped()
    {
        foreach (ReplicaSetStatus replicaSet in status.ReplicaSets)
        {
            if (replicaSet.LogRefusal is { } refusal)
            {
                throw new EventLogRefusedException(refusal.Message, refusal);
            }

            foreach (ProjectionStatus projection in replicaSet.Worker?.Projections ?? [])
            {
                if (projection.Rows.FirstOrDefault(row => row.State == RowState.Stopped) is { } stopped)
                {
                    throw new ProjectionStoppedException(replicaSet.Name, projection.Name, stopped.Position, stopped.Cause);
                }
            }
        }
    }
}
