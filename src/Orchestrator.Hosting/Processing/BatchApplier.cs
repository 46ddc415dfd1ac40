using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.Processing;

/// <summary>
/// Applies one batch: locks the checkpoint row behind the fence, hands the events that follow the row's own position to the handler, moves the row, commits. All or nothing.
/// </summary>
internal sealed class BatchApplier(
    ProjectionDefinition projection,
    Fence fence,
    ICheckpointStore checkpoints,
    IServiceScopeFactory scopes,
    ExecutionEnvironment environment,
    ProjectionStatus status,
    ILogger<BatchApplier> logger) : IRowApplier
{
    /// <inheritdoc/>
    public async Task<bool> ApplyAsync(RowCursor cursor, EventPage page, long limit, CancellationToken abort)
    {
        long begunAt = environment.Time.GetTimestamp();
        DateTimeOffset begun = Tracing.Now(environment.Time);
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        await using IFencedBatch? batch = await checkpoints.BeginAsync(fence, cursor.Row, scope.ServiceProvider, abort);
        if (batch is null)
        {
            return false;
        }

        if (!cursor.Accepts(page, batch, limit))
        {
            return true;
        }

        Checkpoint locked = batch.Checkpoint;
        BatchSelection selection = BatchSelection.Of(page, locked, projection.Filter, cursor.BatchLimit, limit);
        using Activity? activity = selection.Events.Count == 0 ? null : Tracing.Batch(fence.ReplicaSet, projection.Name, locked.GenerationId, begun);
        try
        {
            int handled = selection.Events.Count == 0 ? 0 : await HandleAsync(batch, scope.ServiceProvider, selection.Events, abort);
            long position = selection.PositionBehind(handled);
            try
            {
                await batch.CommitAsync(position);
            }
            catch (Exception exception) when (handled > 0)
            {
                // Statements that the handler enqueued are sent with the commit, and fail here.
                throw new HandlerFailedException(exception, [.. selection.Events.Take(handled)]);
            }

            TimeSpan took = environment.Time.GetElapsedTime(begunAt);
            cursor.Succeeded(locked with { Position = position }, handled, took);
            logger.BatchCommitted(fence.ReplicaSet, projection.Name, locked.Slots, handled, selection.Unwanted, position);
            status.Committed(handled, took);
            activity.Applied(handled, position);
            return true;
        }
        catch (Exception exception)
        {
            activity.Failed((exception as HandlerFailedException)?.Cause ?? exception);
            throw;
        }
    }

    private async Task<int> HandleAsync(IFencedBatch batch, IServiceProvider services, IReadOnlyList<PersistedEvent> events, CancellationToken abort)
    {
        object handler;
        try
        {
            handler = services.GetRequiredService(projection.Type);
        }
        catch (Exception exception)
        {
            throw new HandlerFailedException(exception, events);
        }

        using IDisposable call = status.EnterHandler();
        return await ProjectionInvoker.InvokeAsync(projection, handler, batch, events, environment.Time, abort);
    }
}
