using Orchestrator.Events;

namespace Orchestrator.Projections;

/// <summary>
/// Does something outside the database for each event: a call, a mail, a message. It runs with no transaction open, so that a slow partner holds no locks; then a short transaction moves the checkpoint.
/// </summary>
/// <remarks>
/// At least once: when a worker dies, is replaced or loses its database between the effect and the checkpoint, the effect is repeated, by this worker or another, with the same
/// <see cref="EffectContext.IdempotencyKey"/>. Hand the key to the partner, or remember it, where twice is wrong.
/// An instance is resolved from a new dependency-injection scope for every batch attempt, or for every event where several may run at the same time (<c>MaxConcurrency</c>). Events of one aggregate arrive
/// in order, one after another.
/// </remarks>
public interface IEffectHandler
{
    /// <summary>Does what an event asks for.</summary>
    /// <param name="e">The event.</param>
    /// <param name="context">The key to be recognised by, and what is known of the run.</param>
    /// <param name="cancellationToken">Cancelled when this worker has lost the right to go on or has run out of time to stop; not when a drain begins.</param>
    /// <returns>A task that ends when the effect is done. An exception: it is tried again, a limited number of times; the events before it are not repeated.</returns>
    ValueTask HandleAsync(PersistedEvent e, EffectContext context, CancellationToken cancellationToken);
}
