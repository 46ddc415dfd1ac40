using Orchestrator.Events;

namespace Orchestrator.Hosting.Processing;

/// <summary>Marks what came out of a handler, or of what it enqueued, so that it is not taken for the orchestrator's own trouble. The inner exception is the handler's.</summary>
internal sealed class HandlerFailedException(Exception innerException, IReadOnlyList<PersistedEvent> events) : Exception("A projection's handler failed.", innerException)
{
    /// <summary>What came out of the handler.</summary>
    public Exception Cause { get; } = innerException;

    /// <summary>How many events failed together.</summary>
    public int Events => events.Count;

    /// <summary>The position of the first of them.</summary>
    public long FirstPosition => events[0].GlobalPosition;

    /// <summary>The position of the last of them.</summary>
    public long LastPosition => events[^1].GlobalPosition;

    /// <summary>The event to blame; null while there are several, because a statement that fails at the commit may come from any of them.</summary>
    public PersistedEvent? Culprit => events.Count == 1 ? events[0] : null;
}
