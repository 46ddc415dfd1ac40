namespace Orchestrator.Events;

/// <summary>The aggregate was not at the version that the append expected; nothing was written. Read the aggregate again, decide again, append again.</summary>
public sealed class ConcurrencyException : EventStoreException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="aggregateType">The kind of aggregate.</param>
    /// <param name="aggregateId">The aggregate's id.</param>
    /// <param name="expectedVersion">What the append expected.</param>
    /// <param name="actualVersion">The version that the aggregate has; 0 when it has no events.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public ConcurrencyException(string aggregateType, string aggregateId, ExpectedVersion expectedVersion, long actualVersion, Exception? innerException = null)
        : base(
            $"The aggregate {aggregateType} '{aggregateId}' is at version {actualVersion}, but the append expected {expectedVersion}. "
            + "Nothing was written. Read the aggregate again, decide again and append again.",
            innerException)
    {
        AggregateType = aggregateType;
        AggregateId = aggregateId;
        ExpectedVersion = expectedVersion;
        ActualVersion = actualVersion;
    }

    /// <summary>The kind of aggregate.</summary>
    public string AggregateType { get; }

    /// <summary>The aggregate's id.</summary>
    public string AggregateId { get; }

    /// <summary>What the append expected.</summary>
    public ExpectedVersion ExpectedVersion { get; }

    /// <summary>The version that the aggregate has; 0 when it has no events.</summary>
    public long ActualVersion { get; }
}
