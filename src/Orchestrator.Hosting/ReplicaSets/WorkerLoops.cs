using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Processing;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>
/// One life of one worker id: the heartbeat, watch and partition loops, and the order in which they end. The heartbeat outlives the partition worker, or
/// draining would look like death.
/// </summary>
internal sealed class WorkerLoops(
    string replicaSet,
    ReplicaSetOptions options,
    HeartbeatLoop heartbeat,
    IWatchLoop watch,
    PartitionWorkerLoop work,
    ExecutionEnvironment environment,
    ILogger<WorkerLoops> logger)
{
    /// <summary>Runs until stopped, then drains and leaves; or until the id is spent.</summary>
    /// <param name="session">The worker's control session.</param>
    /// <param name="life">The worker's life.</param>
    /// <param name="stop">Drain and leave.</param>
    public async Task RunAsync(IControlSession session, WorkerLife life, CancellationToken stop)
    {
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(stop, life.Ended);
        using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, environment.Time);
        using var stopWatching = new CancellationTokenSource();
        using var stopBeating = CancellationTokenSource.CreateLinkedTokenSource(life.Ended);
        await using CancellationTokenRegistration deadline = stop.UnsafeRegister(_ => abort.CancelAfter(options.DrainTimeout), null);
        await using CancellationTokenRegistration ended = life.Ended.UnsafeRegister(_ => abort.Cancel(), null);
        var directives = new LatestValue<Directive>(new Directive.Idle());
        var drained = new LatestValue<long>(0);

        Task beating = EndLifeOnFailureAsync(heartbeat.RunAsync(life, replicaSet, options, stopBeating.Token), life);
        Task watching = EndLifeOnFailureAsync(watch.RunAsync(directives, drained, stopWatching.Token), life);
        try
        {
            await WorkAsync(life, directives, drained, drain.Token, abort.Token);
        }
        finally
        {
            // Drained: nothing of this worker runs any more. A beat behind its leaving would find no row, and take that for a removal.
            stopWatching.Cancel();
            stopBeating.Cancel();
            await Task.WhenAll(watching, beating);
            await LeaveAsync(session, life);
        }
    }

    private static async Task EndLifeOnFailureAsync(Task loop, WorkerLife life)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException) when (life.Ended.IsCancellationRequested)
        {
            // The id is spent, and the loop was in the middle of something.
        }
        catch (Exception exception)
        {
            life.End($"one of its loops failed: {exception.Message}");
            throw;
        }
    }

    private async Task WorkAsync(WorkerLife life, LatestValue<Directive> directives, LatestValue<long> drained, CancellationToken drain, CancellationToken abort)
    {
        try
        {
            await work.RunAsync(directives, drained, drain, abort);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            if (!life.Ended.IsCancellationRequested)
            {
                logger.DrainTimedOut(replicaSet, life.WorkerId);
            }
        }
    }

    private async Task LeaveAsync(IControlSession session, WorkerLife life)
    {
        if (life.Ended.IsCancellationRequested)
        {
            return;
        }

        logger.WorkerUnregistering(replicaSet, life.WorkerId);
        await session.LeaveAsync(life.Ended);
        logger.ShutdownComplete(replicaSet, life.WorkerId);
    }
}
