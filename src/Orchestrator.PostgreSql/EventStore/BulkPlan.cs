using Orchestrator.Events;

namespace Orchestrator.PostgreSql.EventStore;

/// <summary>A bulk append sorted out: its aggregates without repetition, and where in them each item's events belong.</summary>
internal sealed class BulkPlan
{
    private readonly List<BulkStream> _streams = [];
    private readonly List<BulkItem> _items = [];

    private BulkPlan(IReadOnlyList<AggregateAppend> appends)
    {
        var indexes = new Dictionary<(string Type, string Id), int>(appends.Count);
        foreach (AggregateAppend append in appends)
        {
            (string, string) key = (append.AggregateType, append.AggregateId);
            if (!indexes.TryGetValue(key, out int index))
            {
                indexes.Add(key, index = _streams.Count);
                _streams.Add(new BulkStream(append.AggregateType, append.AggregateId));
            }

            BulkStream stream = _streams[index];
            _items.Add(new BulkItem(append, index, stream.EventCount));
            IsContradictory |= !stream.TryAdd(append);
            EventCount += append.Events.Count;
        }
    }

    /// <summary>The aggregates.</summary>
    public IReadOnlyList<BulkStream> Streams => _streams;

    /// <summary>The items, in the order given.</summary>
    public IReadOnlyList<BulkItem> Items => _items;

    /// <summary>How many events there are in all.</summary>
    public int EventCount { get; }

    /// <summary>Whether two items expect what cannot both be true, wherever the aggregate stands.</summary>
    public bool IsContradictory { get; }

    public static BulkPlan Create(IReadOnlyList<AggregateAppend> appends) => new(appends);

    /// <summary>The first item whose expectation is not met when the streams stand at these versions, as an exception; or null.</summary>
    public ConcurrencyException? FindConflict(IReadOnlyList<StreamVersion> versions, Exception? cause)
    {
        foreach (BulkItem item in _items)
        {
            long actual = versions[item.Stream].Actual + item.Offset;
            if (!item.Append.ExpectedVersion.IsMetBy(actual))
            {
                return new ConcurrencyException(item.Append.AggregateType, item.Append.AggregateId, item.Append.ExpectedVersion, actual, cause);
            }
        }

        return null;
    }
}

/// <summary>One aggregate of a bulk append.</summary>
internal sealed class BulkStream(string type, string id)
{
    public string Type => type;

    public string Id => id;

    /// <summary>How many events it gets.</summary>
    public long EventCount { get; private set; }

    /// <summary>The version that it must have before the append; null: any.</summary>
    public long? ExpectedVersion { get; private set; }

    // An item expects a version after the items before it; so it says what the version before all of them must be.
    public bool TryAdd(AggregateAppend append)
    {
        long? before = append.ExpectedVersion.Version - EventCount;
        bool agrees = before is null || (before >= 0 && (ExpectedVersion is null || ExpectedVersion == before));
        ExpectedVersion ??= before;
        EventCount += append.Events.Count;
        return agrees;
    }
}

/// <summary>One item of a bulk append: the index of its stream, and how many events earlier items give to that stream.</summary>
internal sealed record BulkItem(AggregateAppend Append, int Stream, long Offset);

/// <summary>Where an aggregate stands. The two differ only when something else than the event store wrote to the tables.</summary>
internal readonly record struct StreamVersion(long Head, long LastEvent)
{
    public long Actual => Math.Max(Head, LastEvent);
}
