namespace Orchestrator.PostgreSql.Schema;

/// <summary>
/// What this process has seen of the log that the database does not tell any more. A log that was set back grows, and once it has passed the old positions nothing shows that it was: so what was seen once
/// counts until it is mended, or for the process's life.
/// </summary>
internal sealed class LogHistory
{
    private readonly Lock _gate = new();
    private EventLogRewoundException? _rewound;
    private long? _tooShortAt;

    /// <summary>The log has stepped back while it was read: nothing mends that for this process, because pages that it read before may still be about.</summary>
    public void Rewound(EventLogRewoundException exception)
    {
        lock (_gate)
        {
            _rewound ??= exception;
        }
    }

    /// <summary>Refuses for good behind <see cref="Rewound"/>.</summary>
    /// <exception cref="EventLogRewoundException">The log has stepped back.</exception>
    public void ThrowIfRewound()
    {
        lock (_gate)
        {
            if (_rewound is { } exception)
            {
                throw exception.Again();
            }
        }
    }

    /// <summary>Compares the furthest checkpoint with the log's end: the least end at which it was found ahead, until checkpoints lie within that.</summary>
    /// <param name="checkpoint">The checkpoint that is furthest ahead.</param>
    /// <param name="lastValue">The last position drawn.</param>
    /// <param name="checkpointsTable">What the checkpoints' table is called.</param>
    /// <exception cref="EventLogRewoundException">The checkpoint is ahead.</exception>
    public void Compare(FurthestCheckpoint checkpoint, long lastValue, string checkpointsTable)
    {
        lock (_gate)
        {
            long end = Math.Min(lastValue, _tooShortAt ?? long.MaxValue);
            _tooShortAt = checkpoint.Position > end ? end : null;
            if (_tooShortAt is not null)
            {
                throw EventLogRewoundException.Ahead(checkpoint, end, checkpointsTable);
            }
        }
    }
}
