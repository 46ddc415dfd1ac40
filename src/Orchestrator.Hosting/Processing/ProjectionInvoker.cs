using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Projections;

namespace Orchestrator.Hosting.Processing;

/// <summary>Hands events to a projection in whichever way it takes them.</summary>
internal static class ProjectionInvoker
{
    /// <summary>Hands over events until there are no more or the time is up.</summary>
    /// <param name="projection">The projection; when its longest duration has passed, no further event is begun.</param>
    /// <param name="handler">The instance.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="events">At least one.</param>
    /// <param name="time">Measures the duration.</param>
    /// <param name="abort">For the handler.</param>
    /// <returns>How many events were handled; at least one.</returns>
    /// <exception cref="HandlerFailedException">The handler failed.</exception>
    public static async Task<int> InvokeAsync(
        ProjectionDefinition projection,
        object handler,
        IFencedBatch batch,
        IReadOnlyList<PersistedEvent> events,
        TimeProvider time,
        CancellationToken abort)
    {
        try
        {
            if (handler is IBatchProjection whole)
            {
                if (projection.TraceEvents)
                {
                    Tracing.LinkTo(events);
                }

                await batch.BeginEventsAsync(events[0], events[^1], abort);
                await whole.HandleAsync(events, batch.Context, abort);
                return events.Count;
            }

            Func<PersistedEvent, CancellationToken, ValueTask> handle = projection.Typed is { } typed
                ? (e, token) => typed.HandleAsync(handler, e, batch.Context, token)
                : (e, token) => ((IProjection)handler).HandleAsync(e, batch.Context, token);
            handle = projection.TraceEvents ? Tracing.Each(projection.Name, batch.Context.ReplicaSet, handle) : handle;
            return await InvokeEachAsync(handle, batch, events, projection.MaxBatchDuration, time, abort);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            throw new HandlerFailedException(await batch.FindCommitAsync(exception) ?? exception, events);
        }
    }

    private static async Task<int> InvokeEachAsync(
        Func<PersistedEvent, CancellationToken, ValueTask> handle,
        IFencedBatch batch,
        IReadOnlyList<PersistedEvent> events,
        TimeSpan maxDuration,
        TimeProvider time,
        CancellationToken abort)
    {
        long startedAt = time.GetTimestamp();
        for (int i = 0; i < events.Count; i++)
        {
            if (i > 0 && time.GetElapsedTime(startedAt) >= maxDuration)
            {
                return i;
            }

            await batch.BeginEventsAsync(events[i], events[i], abort);
            await handle(events[i], abort);
        }

        return events.Count;
    }
}
