namespace Orchestrator.Hosting.Processing;

/// <summary>
/// The log that projections read. An implementation promises: events come in the order of their positions; a page never reaches beyond a position below which something can still appear;
/// an aggregate's slot never changes.
/// </summary>
public interface IEventLog
{
    /// <summary>Reads the next page behind a position, up to the horizon.</summary>
    /// <param name="request">Where to start, which slots, how much.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The page; empty with <c>To == From</c> when nothing new is safe to read.</returns>
    /// <exception cref="Errors.EventLogRefusedException">The log must not be read as it is: the worker leaves, and tries again later. Any other exception that is not the infrastructure's ends the host.</exception>
    ValueTask<EventPage> ReadAsync(EventPageRequest request, CancellationToken cancellationToken);

    /// <summary>Reads the position of the last event that is committed now, also where it cannot be read safely yet because an append before it is still open.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The position; 0: the log is empty.</returns>
    ValueTask<long> ReadEndAsync(CancellationToken cancellationToken);

    /// <summary>Waits for a hint that there is something behind a position. Hints may be missed, doubled or early: losing all of them costs latency, never events.</summary>
    /// <param name="position">The position read up to.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it is worth reading again.</returns>
    Task WaitAsync(long position, TimeSpan timeout, CancellationToken cancellationToken);
}
