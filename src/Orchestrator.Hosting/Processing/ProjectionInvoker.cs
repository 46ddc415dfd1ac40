using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Projections;

namespace Orchestrator.Hosting.Processing;

/// <summary>Hands events to a projection in whichever way it takes them.</summary>
internal static class ProjectionInvoker
{
    /// <summary>Whether a type can be a projection.</summary>
    public static bool CanInvoke(Type type) => type.IsAssignableTo(typeof(IProjection)) || type.IsAssignableTo(typeof(IBatchProjection));

    /// <summary>Hands over events until there are no more or the time is up.</summary>
    /// <param name="projection">The instance.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="events">At least one.</param>
    /// <param name="maxDuration">When it has passed, no further event is begun.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="abort">For the handler.</param>
    /// <returns>How many events were handled; at least one.</returns>
    /// <exception cref="HandlerFailedException">The handler failed.</exception>
    public static async Task<int> InvokeAsync(
        object projection,
        IFencedBatch batch,
        IReadOnlyList<PersistedEvent> events,
        TimeSpan maxDuration,
        TimeProvider time,
        CancellationToken abort)
    {
        try
        {
            if (projection is IBatchProjection whole)
            {
                await batch.BeginEventAsync(events[0], abort);
                await whole.HandleAsync(events, batch.Context, abort);
                return events.Count;
            }

            return await InvokeEachAsync((IProjection)projection, batch, events, maxDuration, time, abort);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            throw new HandlerFailedException(exception, events);
        }
    }

    private static async Task<int> InvokeEachAsync(
        IProjection projection,
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

            await batch.BeginEventAsync(events[i], abort);
            await projection.HandleAsync(events[i], batch.Context, abort);
        }

        return events.Count;
    }
}
