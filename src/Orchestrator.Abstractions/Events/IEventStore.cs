using System.Data.Common;

namespace Orchestrator.Events;

/// <summary>
/// Appends events and reads them back. Every method works in the caller's transaction, so that events commit together with what else the caller writes,
/// or, without one, in a transaction of its own.
/// </summary>
/// <remarks>
/// In the PostgreSQL store a transaction is an <c>NpgsqlTransaction</c> of the database that holds the log. The in-memory store has none, and refuses one.
/// </remarks>
public interface IEventStore
{
    /// <summary>Appends events to one aggregate: all or none, in one round trip.</summary>
    /// <param name="aggregateType">The kind of aggregate; 1 to 200 characters.</param>
    /// <param name="aggregateId">The aggregate's id; 1 to 500 characters.</param>
    /// <param name="expectedVersion">What the aggregate's version must be.</param>
    /// <param name="events">The events; at least one.</param>
    /// <param name="transaction">The caller's transaction, or null for one of the store's own. After <see cref="ConcurrencyException"/> or <see cref="DuplicateEventException"/> it is still usable.</param>
    /// <param name="cancellationToken">Gives up. Nothing is written then, unless the exception is an <see cref="AppendOutcomeUnknownException"/>.</param>
    /// <returns>The versions and positions that the events were given.</returns>
    /// <exception cref="ArgumentException">There are no events, or one of them is malformed.</exception>
    /// <exception cref="ConcurrencyException">The aggregate is not at the expected version.</exception>
    /// <exception cref="DuplicateEventException">An event with one of these ids is already in the log; thrown rather than <see cref="ConcurrencyException"/> where both hold.</exception>
    /// <exception cref="AppendOutcomeUnknownException">The connection was lost during the store's own commit.</exception>
    Task<AppendResult> AppendAsync(
        string aggregateType,
        string aggregateId,
        ExpectedVersion expectedVersion,
        IReadOnlyList<EventData> events,
        DbTransaction? transaction = null,
        CancellationToken cancellationToken = default);

    /// <summary>Appends events to many aggregates, all or none. An aggregate may occur more than once; the log keeps the order of the items.</summary>
    /// <param name="appends">The items; none is allowed and does nothing.</param>
    /// <param name="transaction">The caller's transaction, or null for one of the store's own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One result an item, in the order given.</returns>
    /// <exception cref="ArgumentException">An item has no events, or one of its events is malformed.</exception>
    /// <exception cref="ConcurrencyException">One of the aggregates is not at the version that its item expects.</exception>
    /// <exception cref="DuplicateEventException">An event with one of these ids is already in the log, or occurs twice; thrown rather than <see cref="ConcurrencyException"/> where both hold.</exception>
    /// <exception cref="AppendOutcomeUnknownException">The connection was lost during the store's own commit.</exception>
    Task<IReadOnlyList<AppendResult>> AppendBulkAsync(
        IReadOnlyList<AggregateAppend> appends,
        DbTransaction? transaction = null,
        CancellationToken cancellationToken = default);

    /// <summary>Reads an aggregate's events in the order of their versions.</summary>
    /// <param name="aggregateType">The kind of aggregate.</param>
    /// <param name="aggregateId">The aggregate's id.</param>
    /// <param name="fromVersion">The first version wanted, 1 or greater. Default: 1.</param>
    /// <param name="toVersion">The last version wanted, or null for all there are.</param>
    /// <param name="transaction">The caller's transaction, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The stream; empty, with version 0, when the aggregate has no events.</returns>
    Task<AggregateStream> ReadAggregateStreamAsync(
        string aggregateType,
        string aggregateId,
        long fromVersion = 1,
        long? toVersion = null,
        DbTransaction? transaction = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads the events after a position in the order of the log, as they are visible now. An event with a lower position can still appear later
    /// (it was taken earlier by a transaction that has not committed): a reader that keeps a checkpoint belongs in a projection, which never misses one.
    /// </summary>
    /// <param name="afterPosition">The position to start behind; 0 for the beginning.</param>
    /// <param name="maxCount">The most events to return; 1 or greater.</param>
    /// <param name="transaction">The caller's transaction, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The events; empty at the end of the log.</returns>
    Task<IReadOnlyList<PersistedEvent>> ReadAllAsync(
        long afterPosition,
        int maxCount,
        DbTransaction? transaction = null,
        CancellationToken cancellationToken = default);
}
