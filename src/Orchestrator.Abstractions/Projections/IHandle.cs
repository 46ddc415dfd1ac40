using Orchestrator.Events;

namespace Orchestrator.Projections;

/// <summary>
/// Builds a read model from events of one class. A projection implements it once for each class of events that it wants; the payload is read with System.Text.Json.
/// Otherwise like <see cref="IProjection"/>: what a handler writes through its <see cref="ProjectionContext"/> takes effect exactly once per event.
/// </summary>
/// <typeparam name="TEvent">The event's class. Its event type in the log is what its <see cref="EventTypeAttribute"/> says, else the class's name.</typeparam>
public interface IHandle<TEvent>
    where TEvent : class
{
    /// <summary>Handles one event.</summary>
    /// <param name="e">The event, read from the payload.</param>
    /// <param name="envelope">The event as the log holds it: aggregate, version, position, time.</param>
    /// <param name="context">The batch's transaction, and what is known of the run.</param>
    /// <param name="cancellationToken">Cancelled when this worker has lost the right to commit or has run out of time to stop; not when a drain begins.</param>
    /// <returns>A task that ends when the event is handled.</returns>
    ValueTask HandleAsync(TEvent e, PersistedEvent envelope, ProjectionContext context, CancellationToken cancellationToken);
}
