using Orchestrator.Events;

namespace Orchestrator.Projections;

/// <summary>Builds a read model from events, a batch at a time: for one bulk statement instead of one an event. Otherwise like <see cref="IProjection"/>.</summary>
public interface IBatchProjection
{
    /// <summary>Handles a batch of events, in the order of the log.</summary>
    /// <param name="events">At least one event, at most <c>BatchSize</c>.</param>
    /// <param name="context">The batch's transaction, and what is known of the run.</param>
    /// <param name="cancellationToken">Cancelled when this worker has lost the right to commit or has run out of time to stop; not when a drain begins.</param>
    /// <returns>A task that ends when the events are handled.</returns>
    ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken);
}
