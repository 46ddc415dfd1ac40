using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.Processing;

/// <summary>Does what the watch loop says: runs every projection of the replica set over the worker's partition, drains when a generation forms, and reports that it has.</summary>
internal sealed class PartitionWorkerLoop(
    WorkerLife life,
    ReplicaSetDefinition definition,
    ProviderStores stores,
    ProjectionRunnerFactory runners,
    ExecutionEnvironment environment,
    ILogger<PartitionWorkerLoop> logger)
{
    /// <summary>Follows directives until stopped.</summary>
    /// <param name="directives">What to do.</param>
    /// <param name="drained">Where the generation that was drained for is reported.</param>
    /// <param name="stop">Drain, and end.</param>
    /// <param name="abort">Roll back what is in hand, and end.</param>
    public async Task RunAsync(LatestValue<Directive> directives, LatestValue<long> drained, CancellationToken stop, CancellationToken abort)
    {
        Directive directive = directives.Value;
        long pausedAt = 0;
        while (!stop.IsCancellationRequested)
        {
            life.Status.Work.Turned();
            switch (directive)
            {
                case Directive.Run run:
                    life.Status.Metrics.PauseEnded(pausedAt);
                    await RunGenerationAsync(run, directives, stop, abort);
                    pausedAt = life.Status.Metrics.PauseBegins();
                    break;
                case Directive.Drain drain:
                    drained.Publish(drain.GenerationId);
                    break;
            }

            life.Status.Work.Rests();
            directive = await directives.WaitForOtherAsync(directive, stop);
        }
    }

    // Returns when the projections have ended: drained, because the directive has changed or the worker stops; or cancelled, because the generation went on without them.
    private async Task RunGenerationAsync(Directive.Run run, LatestValue<Directive> directives, CancellationToken stop, CancellationToken abort)
    {
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(abort);
        using var ended = new CancellationTokenSource();
        using var owned = new OwnedRows(life, definition, stores.Log, runners, drain, lost.Token);
        Directive last = await FollowSharesAsync(run, directives, owned, drain, lost);
        drain.Cancel();
        Task following = FollowToLossAsync(directives, last, lost, ended.Token);
        using Activity? activity = Tracing.Step("drain", definition.Name, life.WorkerId, run.GenerationId);
        try
        {
            await owned.Completion;
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested && !abort.IsCancellationRequested)
        {
            // The next generation has begun; what was in hand could not have been committed any more.
            activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", "superseded");
            logger.GenerationLost(definition.Name, life.WorkerId, run.GenerationId);
        }
        finally
        {
            ended.Cancel();
            await following;
        }
    }

    // Each further directive to run means that rows may have changed hands.
    private async Task<Directive> FollowSharesAsync(Directive.Run run, LatestValue<Directive> directives, OwnedRows owned, CancellationTokenSource drain, CancellationTokenSource lost)
    {
        Directive directive = run;
        while (directive is Directive.Run now)
        {
            ImmutableArray<Checkpoint> rows = await LoadAsync(now.GenerationId, drain.Token);
            if (drain.IsCancellationRequested || life.Ended.IsCancellationRequested)
            {
                break;
            }

            if (!owned.TryReplace(rows))
            {
                lost.Cancel();
                break;
            }

            life.Status.Work.Rests();
            directive = await directives.WaitForOtherAsync(directive, drain.Token);
        }

        return directive;
    }

    private async Task<ImmutableArray<Checkpoint>> LoadAsync(long generationId, CancellationToken drain)
    {
        var fence = new Fence(definition.Name, life.WorkerId);
        var stall = new Stall(environment.Time);
        while (!drain.IsCancellationRequested && !life.Ended.IsCancellationRequested)
        {
            life.Status.Work.Turned();
            try
            {
                ImmutableArray<Checkpoint> rows = await stores.Checkpoints.LoadAsync(fence, life.Ended);
                if (stall.Ends() is { } over)
                {
                    logger.CheckpointsRead(definition.Name, life.WorkerId, over.Failures, over.Lasted);
                }

                return rows;
            }
            catch (Exception exception) when (stores.Errors.IsInfrastructure(exception) && !life.Ended.IsCancellationRequested)
            {
                LogLevel level = stall.Fails(exception);
                TimeSpan pause = Backoff.Infrastructure.Delay(stall.Failures, environment.Random);
                logger.CheckpointsUnread(level, exception, definition.Name, life.WorkerId, generationId, pause);
                await Interruptible.DelayAsync(pause, environment.Time, drain);
            }
        }

        return [];
    }

    // A directive to drain lets the batch in hand finish. Any behind it means that the slots belong to the next generation, as does one to be idle.
    private static async Task FollowToLossAsync(LatestValue<Directive> directives, Directive known, CancellationTokenSource lost, CancellationToken ended)
    {
        bool drained = false;
        while (known is not Directive.Idle && !(drained && known is Directive.Run))
        {
            drained |= known is Directive.Drain;
            known = await directives.WaitForOtherAsync(known, ended);
            if (ended.IsCancellationRequested)
            {
                return;
            }
        }

        lost.Cancel();
    }
}
