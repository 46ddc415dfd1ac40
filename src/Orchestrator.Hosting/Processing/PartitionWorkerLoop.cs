using System.Collections.Immutable;
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
            directive = await NextAsync(directives, directive, stop);
        }
    }

    private static async Task<Directive> NextAsync(LatestValue<Directive> directives, Directive known, CancellationToken stop)
    {
        try
        {
            return await directives.WaitForOtherAsync(known, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return known;
        }
    }

    // Returns when the projections have ended: drained, because the directive has changed or the worker stops; superseded; or cancelled, because the generation went on without them.
    private async Task RunGenerationAsync(Directive.Run run, LatestValue<Directive> directives, CancellationToken stop, CancellationToken abort)
    {
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(abort);
        using var ended = new CancellationTokenSource();
        Task following = FollowAsync(directives, run, drain, lost, ended.Token);
        var fence = new Fence(definition.Name, life.WorkerId, run.GenerationId);
        try
        {
            ImmutableArray<Checkpoint> rows = await LoadAsync(fence, drain.Token);
            if (!rows.IsEmpty)
            {
                life.Status.Work.Rests();
                var slots = new SlotRange(rows.Min(row => row.Slots.From), rows.Max(row => row.Slots.To));
                using var feed = new EventFeed(stores.Log, slots, definition);
                await Task.WhenAll(LanesOf(rows).Select(lane => RunLaneAsync(fence, feed, lane, drain, lost.Token)));
            }
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested && !abort.IsCancellationRequested)
        {
            // The next generation has begun; what was in hand could not have been committed any more.
            logger.GenerationLost(definition.Name, life.WorkerId, run.GenerationId);
        }
        finally
        {
            ended.Cancel();
            await following;
        }
    }

    // The worker's share of a projection was cut at the lanes' borders when the generation became active. One lane's rows are one runner's.
    private IEnumerable<ImmutableArray<Checkpoint>> LanesOf(ImmutableArray<Checkpoint> rows)
    {
        foreach (IGrouping<string, Checkpoint> projection in rows.GroupBy(row => row.Projection))
        {
            var share = new SlotRange(projection.Min(row => row.Slots.From), projection.Max(row => row.Slots.To));
            IEnumerable<SlotRange> lanes = Enumerable.Range(0, definition.Options.Lanes).Select(lane => share.Part(lane, definition.Options.Lanes));
            foreach (ImmutableArray<Checkpoint> lane in lanes.Select(lane => projection.Where(row => lane.Contains(row.Slots.From)).ToImmutableArray()).Where(lane => !lane.IsEmpty))
            {
                yield return lane;
            }
        }
    }

    // A bug in one lane drains the others before it goes up.
    private async Task RunLaneAsync(Fence fence, EventFeed feed, ImmutableArray<Checkpoint> rows, CancellationTokenSource drain, CancellationToken abort)
    {
        try
        {
            await runners.Create(rows[0].Projection, fence, feed, life).RunAsync(rows, drain.Token, abort);
        }
        catch
        {
            drain.Cancel();
            throw;
        }
    }

    private async Task<ImmutableArray<Checkpoint>> LoadAsync(Fence fence, CancellationToken drain)
    {
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
                logger.CheckpointsUnread(level, exception, definition.Name, life.WorkerId, fence.GenerationId, pause);
                await Interruptible.DelayAsync(pause, environment.Time, drain);
            }
        }

        return [];
    }

    // A directive to drain lets the batch in hand finish. Any later one means that the slots belong to the next generation.
    private static async Task FollowAsync(
        LatestValue<Directive> directives, Directive run, CancellationTokenSource drain, CancellationTokenSource lost, CancellationToken ended)
    {
        try
        {
            Directive directive = await directives.WaitForOtherAsync(run, ended);
            drain.Cancel();
            while (directive is Directive.Drain)
            {
                directive = await directives.WaitForOtherAsync(directive, ended);
            }

            lost.Cancel();
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The projections have ended.
        }
    }
}
