using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Hosting.Checkpoints;

/// <summary>One attempt at a batch: a transaction that holds the checkpoint row's lock. Disposing it without a commit rolls back.</summary>
internal interface IFencedBatch : IAsyncDisposable
{
    /// <summary>The row as locked: position and slots to go by come from here, not from memory.</summary>
    Checkpoint Checkpoint { get; }

    /// <summary>When the physical connection under the batch was opened (the TimeProvider's timestamp). A page read before that may hold events that a server crash has undone.</summary>
    long ConnectionOpenedAt { get; }

    /// <summary>What handlers write through.</summary>
    ProjectionContext Context { get; }

    /// <summary>Says which events a handler gets next: errors name them, and once a handler has used the connection, what it enqueued before is sent first.</summary>
    /// <param name="first">The first event.</param>
    /// <param name="last">The last one; the first again where a handler gets one at a time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the handler may run.</returns>
    /// <exception cref="BatchTransactionEndedException">A handler before has ended the transaction.</exception>
    ValueTask BeginEventsAsync(PersistedEvent first, PersistedEvent last, CancellationToken cancellationToken);

    /// <summary>Looks whether a handler that has failed had committed the transaction before: then what it wrote has taken effect, and another attempt would write it again. Gives the batch up.</summary>
    /// <param name="failure">How it failed.</param>
    /// <returns>What is to be said instead of the failure, or null: it has not.</returns>
    ValueTask<Exception?> FindCommitAsync(Exception failure);

    /// <summary>Sends the queue, moves the checkpoint where it still is the locked one, and commits. Not cancellable. After an exception the outcome is unknown: forget everything and read the row again.</summary>
    /// <param name="position">The new position; greater than the locked one.</param>
    /// <returns>A task that ends when the batch has taken effect.</returns>
    Task CommitAsync(long position);
}
