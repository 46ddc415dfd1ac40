using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Errors;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.Membership;

/// <summary>Shows that a worker is alive, on a session that nothing else waits for. Losing that session is no death: it reconnects under the same id.</summary>
internal sealed class HeartbeatLoop(IMembershipStore store, IErrorClassifier errors, ExecutionEnvironment environment, ILogger<HeartbeatLoop> logger)
{
    /// <summary>Beats until stopped, or until the worker's id is spent.</summary>
    /// <param name="life">The worker's life; every confirmed heartbeat extends it.</param>
    /// <param name="replicaSet">The replica set.</param>
    /// <param name="options">The intervals.</param>
    /// <param name="stop">Ends the loop; called only after the worker has drained.</param>
    public Task RunAsync(WorkerLife life, string replicaSet, ReplicaSetOptions options, CancellationToken stop) =>
        environment.HeartbeatThread.RunAsync($"heartbeat {replicaSet}", wait => BeatAsync(life, replicaSet, options, wait, stop));

    private async Task BeatAsync(WorkerLife life, string replicaSet, ReplicaSetOptions options, HeartbeatWait wait, CancellationToken stop)
    {
        IHeartbeatSession? session = null;
        var stall = new Stall(environment.Time);
        try
        {
            while (!stop.IsCancellationRequested && !life.Ended.IsCancellationRequested)
            {
                life.Status.Heartbeat.Turned();
                try
                {
                    session ??= await store.OpenHeartbeatAsync(replicaSet, life.WorkerId, stop);
                    if (!await BeatOnceAsync(life, session, stop))
                    {
                        return;
                    }

                    if (stall.Ends() is { } over)
                    {
                        logger.HeartbeatAnsweredAgain(replicaSet, life.WorkerId, over.Failures, over.Lasted);
                    }

                    life.Status.Heartbeat.Turned(options.HeartbeatInterval);
                    await wait(options.HeartbeatInterval, stop);
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception exception) when (errors.IsInfrastructure(exception))
                {
                    LogLevel level = stall.Fails(exception);
                    logger.HeartbeatFailed(level, exception, replicaSet, life.WorkerId, stall.Failures);
                    session = await CloseAsync(session);
                    TimeSpan pause = Backoff.Infrastructure.Delay(stall.Failures, environment.Random);
                    life.Status.Heartbeat.Turned(options.HeartbeatInterval);
                    await wait(pause < options.HeartbeatInterval ? pause : options.HeartbeatInterval, stop);
                }
            }
        }
        finally
        {
            await CloseAsync(session);
        }
    }

    private async ValueTask<bool> BeatOnceAsync(WorkerLife life, IHeartbeatSession session, CancellationToken stop)
    {
        long sentAt = environment.Time.GetTimestamp();
        if (await session.BeatAsync(stop))
        {
            life.Confirm(sentAt);
            life.Status.Metrics.HeartbeatAnswered(sentAt);
            return true;
        }

        life.End("the others have taken it off the roster");
        return false;
    }

    private static async ValueTask<IHeartbeatSession?> CloseAsync(IHeartbeatSession? session)
    {
        if (session is not null)
        {
            await session.DisposeAsync();
        }

        return null;
    }
}
