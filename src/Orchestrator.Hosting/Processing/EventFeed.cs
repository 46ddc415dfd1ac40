using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Threading;
using Orchestrator.Projections;

namespace Orchestrator.Hosting.Processing;

/// <summary>
/// One worker's reading of the log in one generation, shared by every projection of the replica set: each event is read once, however many projections want it. Readers ask for the page
/// behind their position; who asks for the same page shares one query, the next page is fetched while this one is handled, and whoever has fallen behind what is kept reads its own.
/// </summary>
internal sealed class EventFeed : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly Dictionary<long, Task<EventPage>> _inFlight = [];
    private readonly Lock _lock = new();
    private readonly List<FeedReader> _readers = [];
    private readonly IEventLog _log;
    private readonly ReplicaSetOptions _options;
    private readonly Live<ReplicaSetTuning> _tuning;
    private readonly LogMovement? _movement;
    private readonly PageCache _cache;
    private SlotSet _slots;
    private long _frontier;
    private Task? _waiting;
    private int _quietWaits;

    /// <summary>Opens a feed.</summary>
    /// <param name="log">The log.</param>
    /// <param name="slots">The slots that the worker's projections own between them.</param>
    /// <param name="replicaSet">Page sizes and poll interval.</param>
    /// <param name="movement">Told when there was something to read.</param>
    public EventFeed(IEventLog log, SlotSet slots, ReplicaSetDefinition replicaSet, LogMovement? movement = null)
    {
        _log = log;
        _slots = slots;
        _movement = movement;
        _options = replicaSet.Options;
        _tuning = replicaSet.Tuning;
        _cache = new PageCache(_options.PageCacheBytes);
    }

    /// <summary>The longest that a quiet log is waited for at once.</summary>
    public TimeSpan LongestWait => _tuning.Value.PollInterval;

    /// <summary>From now on the worker's projections own other slots. Pages that are kept, or under way, go on serving the readers that they can serve.</summary>
    /// <param name="slots">The slots.</param>
    public void Cover(SlotSet slots)
    {
        lock (_lock)
        {
            _slots = slots;
        }
    }

    /// <summary>Begins to follow: from now on pages are kept for this reader too, until it has passed them or they are too many.</summary>
    public FeedReader Follow()
    {
        var reader = new FeedReader(this);
        lock (_lock)
        {
            _readers.Add(reader);
        }

        return reader;
    }

    /// <summary>A reader needs nothing up to a position any more.</summary>
    public void Passed(FeedReader reader, long position)
    {
        lock (_lock)
        {
            reader.Position = position;
            DropPassed();
        }
    }

    /// <summary>A reader follows no longer.</summary>
    public void Leave(FeedReader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
            DropPassed();
        }
    }

    /// <summary>Finds or reads a page that serves a reader.</summary>
    /// <param name="slots">The reader's slots.</param>
    /// <param name="position">The reader's position.</param>
    /// <param name="readSince">The page must have been read at or after this timestamp.</param>
    /// <param name="filter">The events that the reader wants; the page may hold others.</param>
    /// <param name="cancellationToken">Gives up; the query goes on for others.</param>
    /// <returns>A page that serves the reader, or an empty one: nothing new.</returns>
    public async Task<EventPage> ReadAsync(SlotRange slots, long position, long readSince, EventFilter filter, CancellationToken cancellationToken)
    {
        Task<EventPage> reading;
        lock (_lock)
        {
            _cache.DropReadBefore(readSince);
            if (_cache.Find(slots, position) is { } cached)
            {
                Prefetch(cached);
                return cached;
            }

            // Behind what is kept, a reader with a filter is better served by the database's.
            reading = position < _frontier && !filter.IsAll && !_inFlight.ContainsKey(position)
                ? ReadOwnAsync(Request(position, slots, filter, readSince), cancellationToken)
                : ReadShared(position, readSince);
        }

        EventPage page = await Interruptible.WaitAsync(reading, cancellationToken);
        if (!page.IsEmpty)
        {
            _movement?.Moved();
            lock (_lock)
            {
                _quietWaits = 0;
                Prefetch(page);
            }
        }

        return page;
    }

    /// <summary>Waits until it is worth reading again: for a hint, at most for a time that grows from milliseconds to the poll interval while the log is quiet. All readers share one wait.</summary>
    /// <param name="position">The position read up to.</param>
    /// <param name="cancellationToken">Ends the wait, for this reader; that is no error.</param>
    public async Task WaitAsync(long position, CancellationToken cancellationToken)
    {
        Task waiting;
        lock (_lock)
        {
            if (_waiting is not { IsCompleted: false })
            {
                _waiting = _log.WaitAsync(position, IdlePause(), _closed.Token);
                _quietWaits++;
            }

            waiting = _waiting;
        }

        await Interruptible.UntilAsync(waiting, cancellationToken);
        if (!cancellationToken.IsCancellationRequested)
        {
            await waiting;
        }
    }

    /// <summary>Closes the feed: reads and waits that are still under way are cancelled.</summary>
    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    private void DropPassed()
    {
        if (_readers.Count > 0)
        {
            _cache.DropUpTo(_readers.Min(reader => reader.Position));
        }
    }

    private TimeSpan IdlePause()
    {
        double milliseconds = 5 * Math.Pow(2, Math.Min(_quietWaits, 20));
        return TimeSpan.FromMilliseconds(Math.Min(milliseconds, _tuning.Value.PollInterval.TotalMilliseconds));
    }

    private EventPageRequest Request(long position, SlotSet slots, EventFilter filter, long readSince) =>
        new(position, slots, _options.PageSize, _options.PageBytes, filter) { ReadSince = readSince };

    private async Task<EventPage> ReadOwnAsync(EventPageRequest request, CancellationToken cancellationToken) => await _log.ReadAsync(request, cancellationToken);

    private Task<EventPage> ReadShared(long position, long readSince)
    {
        if (!_inFlight.TryGetValue(position, out Task<EventPage>? reading))
        {
            reading = ReadAndKeepAsync(Request(position, _slots, EventFilter.All, readSince), _closed.Token);
            if (!reading.IsCompleted)
            {
                _inFlight[position] = reading;
            }
        }

        return reading;
    }

    private async Task<EventPage> ReadAndKeepAsync(EventPageRequest request, CancellationToken closed)
    {
        try
        {
            EventPage page = await _log.ReadAsync(request, closed);
            lock (_lock)
            {
                if (!page.IsEmpty)
                {
                    _cache.Add(page);
                    _frontier = Math.Max(_frontier, page.To);
                }
            }

            return page;
        }
        finally
        {
            lock (_lock)
            {
                _inFlight.Remove(request.From);
            }
        }
    }

    // A full page says that there is more behind it. A prefetch that fails says nothing: whoever needs the page reads it again, and gets the error.
    private void Prefetch(EventPage page)
    {
        bool full = page.Events.Count >= _options.PageSize || page.Bytes >= _options.PageBytes;
        if (full && page.To >= _frontier && !_inFlight.ContainsKey(page.To) && !_closed.IsCancellationRequested)
        {
            _ = ReadShared(page.To, page.ReadAt).ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
