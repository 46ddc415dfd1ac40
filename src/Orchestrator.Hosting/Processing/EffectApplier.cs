using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Threading;
using Orchestrator.Projections;

namespace Orchestrator.Hosting.Processing;

/// <summary>
/// Applies one batch of effects: reads the row behind the fence and lets it go, runs the effects with no transaction open, then locks the row again and moves it, if it still is where it was. At least once.
/// </summary>
internal sealed class EffectApplier(
    ProjectionDefinition projection,
    Fence fence,
    ICheckpointStore checkpoints,
    IServiceScopeFactory scopes,
    WorkerLife life,
    ExecutionEnvironment environment,
    ProjectionStatus status,
    ILogger<EffectApplier> logger) : IRowApplier
{
    /// <inheritdoc/>
    public async Task<bool> ApplyAsync(RowCursor cursor, EventPage page, long limit, CancellationToken abort)
    {
        long begunAt = environment.Time.GetTimestamp();
        DateTimeOffset begun = Tracing.Now(environment.Time);
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        Checkpoint row;
        await using (IFencedBatch? read = await checkpoints.BeginAsync(fence, cursor.Row, scope.ServiceProvider, abort))
        {
            if (read is null)
            {
                return false;
            }

            if (!cursor.Accepts(page, read, limit))
            {
                return true;
            }

            row = read.Checkpoint;
        }

        BatchSelection selection = BatchSelection.Of(page, row, projection.Filter, cursor.BatchLimit, limit);
        using Activity? activity = selection.Events.Count == 0 ? null : Tracing.Batch(fence.ReplicaSet, projection.Name, row.GenerationId, begun);
        try
        {
            (int done, HandlerFailedException? failure) = await RunAsync(cursor, row, scope.ServiceProvider, selection.Events, abort);
            long position = selection.PositionBehind(done);
            activity.Applied(done, position);

            // What succeeded in front of a failing event is not repeated with it.
            bool owned = position == row.Position || await MoveAsync(cursor, page, row, selection with { Position = position }, done, begunAt, abort);
            if (owned && failure is not null)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            return owned;
        }
        catch (Exception exception)
        {
            activity.Failed((exception as HandlerFailedException)?.Cause ?? exception);
            throw;
        }
    }

    private async Task<bool> MoveAsync(RowCursor cursor, EventPage page, Checkpoint row, BatchSelection selection, int done, long begunAt, CancellationToken abort)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        await using IFencedBatch? batch = await checkpoints.BeginAsync(fence, row, scope.ServiceProvider, abort);
        if (batch is null)
        {
            return false;
        }

        // Nobody else moves a row behind this fence; but over a connection from after a server's crash, the events that were read before it may be undone, and their positions given away again.
        // The row's end may have gone to another owner meanwhile, with what was done for it; what is left is as far as it was.
        Checkpoint locked = batch.Checkpoint;
        if (!row.Names(locked) || locked.Position != row.Position || !row.Slots.Contains(locked.Slots) || page.ReadAt < batch.ConnectionOpenedAt)
        {
            cursor.LearnFrom(batch);
            return true;
        }

        await batch.CommitAsync(selection.Position);
        TimeSpan took = environment.Time.GetElapsedTime(begunAt);
        cursor.Succeeded(locked with { Position = selection.Position }, done, took);
        logger.BatchCommitted(fence.ReplicaSet, projection.Name, locked.Slots, done, selection.Unwanted, selection.Position);
        status.Committed(done, took);
        return true;
    }

    private async Task<(int Done, HandlerFailedException? Failure)> RunAsync(
        RowCursor cursor, Checkpoint row, IServiceProvider services, IReadOnlyList<PersistedEvent> events, CancellationToken abort)
    {
        using IDisposable call = status.EnterHandler();
        long startedAt = environment.Time.GetTimestamp();
        TimeSpan maxDuration = projection.MaxBatchDuration;

        // Looked at before each effect: no fence stops those of a worker that was frozen and wakes when it has been replaced, or of a row that has gone to another worker.
        bool MayBegin(bool another) => life.MayStartBatch && cursor.IsOwned && (!another || environment.Time.GetElapsedTime(startedAt) < maxDuration);

        // Behind a failure one by one: the event that failed is the first now, and nothing behind it shall be repeated with it.
        int most = projection.MaxConcurrency;
        int concurrency = cursor.HandlerFailures > 0 ? 1 : most;
        IEffectHandler? handler = null;
        ValueTask HandleInBatch(PersistedEvent e, CancellationToken token)
        {
            handler ??= HandlerOf(services);
            return handler.HandleAsync(e, CreateContext(e, row, services), token);
        }

        async ValueTask HandleAlone(PersistedEvent e, CancellationToken token)
        {
            await using AsyncServiceScope scope = scopes.CreateAsyncScope();
            await HandlerOf(scope.ServiceProvider).HandleAsync(e, CreateContext(e, row, scope.ServiceProvider), token);
        }

        Func<PersistedEvent, CancellationToken, ValueTask> effect = most == 1 ? HandleInBatch : HandleAlone;
        effect = projection.TraceEvents ? Tracing.Each(projection.Name, fence.ReplicaSet, effect) : effect;
        return await new EffectRun(events, MayBegin, effect).RunAsync(concurrency, abort);
    }

    private IEffectHandler HandlerOf(IServiceProvider services) => (IEffectHandler)services.GetRequiredService(projection.Type);

    private EffectContext CreateContext(PersistedEvent e, Checkpoint row, IServiceProvider services) => new()
    {
        IdempotencyKey = IdempotencyKey.Of(projection.Name, e.EventId),
        Projection = projection.Name,
        ReplicaSet = fence.ReplicaSet,
        WorkerId = fence.WorkerId,
        GenerationId = row.GenerationId,
        Services = services,
    };
}
