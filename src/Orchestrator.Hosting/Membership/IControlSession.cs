using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.Membership;

/// <summary>
/// A worker's control session: its life. It holds the worker's lock, hears notifications, and carries every decision. Used by one caller at a time.
/// Any exception from it that is not a cancellation means that the session is lost, and the worker id with it. Disposing it without leaving is what a crash looks like.
/// </summary>
internal interface IControlSession : IAsyncDisposable
{
    /// <summary>Waits for a notification about the replica set, at most for a time. Notifications are hints: they may be missed, doubled or early.</summary>
    /// <param name="timeout">The longest wait.</param>
    /// <param name="cancellationToken">Ends the wait; the session stays usable.</param>
    /// <returns>A task that ends when something may have changed.</returns>
    Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Reads what this worker needs to know; tries for the leader's lock in the same round trip when asked to.</summary>
    /// <param name="tryToLead">Whether to try for the leader's lock, and say so in the replica set's row when it is won.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The view, and whether this session holds the leader's lock now.</returns>
    Task<(MembershipView View, bool Leads)> ReadViewAsync(bool tryToLead, CancellationToken cancellationToken);

    /// <summary>Reads every row of the replica set: for whoever runs the transitions.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The roster.</returns>
    Task<Roster> ReadRosterAsync(CancellationToken cancellationToken);

    /// <summary>Says that this worker has drained for a generation (runs nothing under an older one), and notifies who leads, at least.</summary>
    /// <param name="generationId">The forming generation.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the row is written.</returns>
    Task AcknowledgeAsync(long generationId, CancellationToken cancellationToken);

    /// <summary>
    /// Takes workers off the roster and ends their sessions, so that a frozen process holds no lock when it wakes. Each removal is checked again under the replica set's lock.
    /// </summary>
    /// <param name="removals">Who, and why.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The workers that were removed.</returns>
    Task<IReadOnlyList<Guid>> RemoveAsync(IReadOnlyList<WorkerRemoval> removals, CancellationToken cancellationToken);

    /// <summary>Forms a generation, and notifies.</summary>
    /// <param name="transition">What to form, and what must still be true.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new generation's id, or null when the rows had changed: read and decide again.</returns>
    Task<long?> FormAsync(FormGeneration transition, CancellationToken cancellationToken);

    /// <summary>
    /// Activates the forming generation in one transaction: locks all checkpoint rows of the replica set in key order (the barrier behind every batch in flight), re-cuts them at the new borders,
    /// stamps them, supersedes the old generation, and notifies. One of the strategy Rolling takes over as many rows as are free instead, at least one, and is active only once there is none left to take.
    /// </summary>
    /// <param name="transition">What to activate, and what must still be true.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What came of it, or null when the rows had changed or a lock did not come in time: read and decide again.</returns>
    Task<Activation?> ActivateAsync(ActivateGeneration transition, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a partition that is set by hand, in one transaction: refused while anybody registered is in the way; else locks the checkpoints that no living worker owns, cuts them at the partition's
    /// borders, stamps its share, and notifies.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What came of it, or null when a lock did not come in time or this worker is off the roster: look and try again.</returns>
    Task<PartitionTake?> TakePartitionAsync(StaticPartition partition, CancellationToken cancellationToken);

    /// <summary>Takes this worker off the roster, in good order, and notifies.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the others can see it.</returns>
    Task LeaveAsync(CancellationToken cancellationToken);
}
