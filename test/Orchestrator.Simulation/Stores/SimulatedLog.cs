using Orchestrator.Events;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Processing;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Simulation.Stores;

/// <summary>
/// The log on the simulated server. Positions come from a sequence that no transaction holds back: they are drawn in order, and become visible when their append commits, in whatever order, or
/// never. So a reader that takes what it sees for all that there is skips events.
/// </summary>
/// <param name="committed">Hears of every event in the moment in which it becomes visible.</param>
internal sealed class SimulatedLog(Action<PersistedEvent> committed)
{
    private readonly SortedList<long, PersistedEvent> _visible = [];
    private readonly Dictionary<string, List<PersistedEvent>> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly List<SimulatedAppend> _open = [];
    private int _appends;

    /// <summary>The last position drawn.</summary>
    public long LastValue { get; private set; }

    /// <summary>The last position that is visible.</summary>
    public long LastVisible => _visible.Count == 0 ? 0 : _visible.Keys[^1];

    /// <summary>How many events are visible.</summary>
    public int Count => _visible.Count;

    /// <summary>Changes with every commit; readers wait for it.</summary>
    public LatestValue<long> Commits { get; } = new(0);

    /// <summary>The slots that have events.</summary>
    public Dictionary<string, int>.ValueCollection Slots => _slots.Values;

    /// <summary>The open appends that hold the lock, as the server lists them.</summary>
    public string[] Holders => [.. _open.Where(append => append.HoldsLock).Select(append => append.Id)];

    /// <summary>Whether a position is that of a visible event.</summary>
    public bool Has(long position) => _visible.ContainsKey(position);

    /// <summary>An aggregate's visible events.</summary>
    public IReadOnlyList<PersistedEvent> StreamOf(string aggregateId) => _streams[aggregateId];

    /// <summary>Whether an open append has an aggregate's lock: another one would wait for it.</summary>
    public bool IsBusy(string aggregateId) => _open.Exists(append => append.AggregateId == aggregateId);

    /// <summary>Opens an append.</summary>
    public SimulatedAppend Begin(string aggregateId)
    {
        _slots[aggregateId] = InMemoryDatabase.SlotOf(aggregateId);
        var append = new SimulatedAppend(this, FormattableString.Invariant($"append-{++_appends}"), aggregateId);
        _open.Add(append);
        return append;
    }

    /// <summary>The end of the run without a gap behind a position.</summary>
    public long ContiguousTo(long position)
    {
        while (_visible.ContainsKey(position + 1))
        {
            position++;
        }

        return position;
    }

    /// <summary>Reads a page of what is visible now, up to a horizon.</summary>
    public EventPage Read(EventPageRequest request, long horizon, long readAt)
    {
        var events = new List<PersistedEvent>();
        var slots = new List<int>();
        long to = request.From;
        foreach (PersistedEvent e in _visible.Values.SkipWhile(e => e.GlobalPosition <= request.From).TakeWhile(e => e.GlobalPosition <= horizon))
        {
            if (events.Count == request.MaxCount)
            {
                break;
            }

            to = e.GlobalPosition;
            if (request.Slots.Contains(_slots[e.AggregateId]) && request.Filter.Matches(e))
            {
                events.Add(e);
                slots.Add(_slots[e.AggregateId]);
            }
        }

        return new EventPage(request.From, to, request.Slots, events, slots, readAt, events.Count);
    }

    /// <summary>The server crashes: open appends are void, and positions that nobody has ever seen may be given again.</summary>
    /// <param name="lastValue">The sequence behind the crash: not below what is visible.</param>
    public void Crash(long lastValue)
    {
        _open.Clear();
        LastValue = Math.Max(lastValue, LastVisible);
    }

    /// <summary>Draws the next position.</summary>
    public long Draw() => ++LastValue;

    /// <summary>Ends an append; what it drew becomes visible, or void.</summary>
    public void End(SimulatedAppend append, IReadOnlyList<PersistedEvent> events)
    {
        if (!_open.Remove(append))
        {
            return;
        }

        if (!_streams.TryGetValue(append.AggregateId, out List<PersistedEvent>? stream))
        {
            _streams.Add(append.AggregateId, stream = []);
        }

        foreach (PersistedEvent e in events)
        {
            _visible.Add(e.GlobalPosition, e);
            stream.Add(e);
            committed(e);
        }

        Commits.Publish(Commits.Value + 1);
    }
}
