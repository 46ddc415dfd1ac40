using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.Processing;

/// <summary>Does what the watch loop says: runs every projection of the replica set over the worker's partition, drains when a generation forms, and reports that it has.</summary>
internal sealed class PartitionWorkerLoop(
    WorkerLife life,
    string replicaSet,
    ReplicaSetOptions options,
    ProviderStores stores,
    ProjectionRunnerFactory runners,
    ExecutionEnvironment environment)
{
    /// <summary>Follows directives until stopped.</summary>
    /// <param name="directives">What to do.</param>
    /// <param name="drained">Where the generation that was drained for is reported.</param>
    /// <param name="stop">Drain, and end.</param>
    /// <param name="abort">Roll back what is in hand, and end.</param>
    public async Task RunAsync(LatestValue<Directive> directives, LatestValue<long> drained, CancellationToken stop, CancellationToken abort)
    {
        Directive directive = directives.Value;
        while (!stop.IsCancellationRequested)
        {
            switch (directive)
            {
                case Directive.Run run:
                    await RunGenerationAsync(run, directives, stop, abort);
                    break;
                case Directive.Drain drain:
                    drained.Publish(drain.GenerationId);
                    break;
            }

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

    // Returns when the projections have ended: drained, because the directive has changed or the worker stops, or superseded.
    private async Task RunGenerationAsync(Directive.Run run, LatestValue<Directive> directives, CancellationToken stop, CancellationToken abort)
    {
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task changed = CancelWhenChangedAsync(directives, run, drain);
        var fence = new Fence(replicaSet, life.WorkerId, run.GenerationId);
        try
        {
            ImmutableArray<Checkpoint> rows = await LoadAsync(fence, drain.Token);
            if (!rows.IsEmpty)
            {
                var slots = new SlotRange(rows.Min(row => row.Slots.From), rows.Max(row => row.Slots.To));
                using var feed = new EventFeed(stores.Log, slots, options);
                await Task.WhenAll(rows.GroupBy(row => row.Projection).Select(group => RunProjectionAsync(fence, feed, group.Key, [.. group], drain, abort)));
            }
        }
        finally
        {
            drain.Cancel();
            await changed;
        }
    }

    // A bug in one projection drains the others before it goes up.
    private async Task RunProjectionAsync(Fence fence, EventFeed feed, string projection, ImmutableArray<Checkpoint> rows, CancellationTokenSource drain, CancellationToken abort)
    {
        try
        {
            await runners.Create(projection, fence, feed, life).RunAsync(rows, drain.Token, abort);
        }
        catch
        {
            drain.Cancel();
            throw;
        }
    }

    private async Task<ImmutableArray<Checkpoint>> LoadAsync(Fence fence, CancellationToken drain)
    {
        for (int failures = 1; !drain.IsCancellationRequested && !life.Ended.IsCancellationRequested; failures++)
        {
            try
            {
                return await stores.Checkpoints.LoadAsync(fence, life.Ended);
            }
            catch (Exception exception) when (stores.Errors.IsInfrastructure(exception) && !life.Ended.IsCancellationRequested)
            {
                await Interruptible.DelayAsync(Backoff.Infrastructure.Delay(failures, environment.Random), environment.Time, drain);
            }
        }

        return [];
    }

    private static async Task CancelWhenChangedAsync(LatestValue<Directive> directives, Directive known, CancellationTokenSource drain)
    {
        try
        {
            await directives.WaitForOtherAsync(known, drain.Token);
            drain.Cancel();
        }
        catch (OperationCanceledException) when (drain.IsCancellationRequested)
        {
            // The generation has ended otherwise.
        }
    }
}
