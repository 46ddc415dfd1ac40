using Orchestrator.Events;

namespace Orchestrator.Projections;

/// <summary>
/// Builds a read model from events, one event at a time. What a handler writes through its <see cref="ProjectionContext"/> commits together with the
/// projection's checkpoint: it takes effect exactly once per event, whatever crashes.
/// </summary>
/// <remarks>
/// An instance is resolved from a new dependency-injection scope for every batch attempt, so constructor injection of scoped services works, and no state survives in fields.
/// Events of one aggregate arrive in order; different aggregates may be handled at the same time by other workers.
/// </remarks>
public interface IProjection
{
    /// <summary>Handles one event.</summary>
    /// <param name="e">The event.</param>
    /// <param name="context">The batch's transaction, and what is known of the run.</param>
    /// <param name="cancellationToken">Cancelled when this worker has lost the right to commit or has run out of time to stop; not when a drain begins.</param>
    /// <returns>A task that ends when the event is handled.</returns>
    ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken);
}
