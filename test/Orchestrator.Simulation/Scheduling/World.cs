namespace Orchestrator.Simulation.Scheduling;

/// <summary>
/// Owns time, chance and order. Everything that runs is a callback in here: the world picks the next one, by a seeded choice among those that could run now, and when none can,
/// moves the clock to the next timer. One thread, no real time: the same seed does the same.
/// </summary>
internal sealed class World(int seed)
{
    private static readonly SendOrPostCallback s_run = static action => ((Action)action!)();

    private readonly PriorityQueue<Scheduled, (long Due, long Order)> _timers = new();
    private readonly List<Scheduled> _ready = [];
    private long _order;

    public Random Random { get; } = new(seed);

    /// <summary>Virtual time, in ticks of 100 ns.</summary>
    public long Now { get; private set; }

    public long Steps { get; private set; }

    /// <summary>When set, hears of everything worth telling.</summary>
    public Action<string>? Trace { get; set; }

    /// <summary>Tells, if anybody listens.</summary>
    public void Say(SimulatedNode node, string what) => Trace?.Invoke(FormattableString.Invariant($"{Now / 10_000d,10:0.000} ms  {node.Name,-8} {what}"));

    /// <summary>Something can run in a process from now on.</summary>
    public void Post(SimulatedNode node, SendOrPostCallback callback, object? state) => Post(new Scheduled(node, callback, state));

    /// <summary>Something can run from now on.</summary>
    public void Post(Scheduled callback) => _ready.Add(callback);

    /// <summary>Something can run in a process after a time.</summary>
    public Scheduled At(SimulatedNode node, TimeSpan delay, Action callback) => At(node, delay, s_run, callback);

    /// <summary>Something can run in a process after a time.</summary>
    public Scheduled At(SimulatedNode node, TimeSpan delay, SendOrPostCallback callback, object? state)
    {
        var scheduled = new Scheduled(node, callback, state);
        _timers.Enqueue(scheduled, (Now + Math.Max(0, delay.Ticks), _order++));
        return scheduled;
    }

    public TimeSpan Between(double minMilliseconds, double maxMilliseconds) =>
        TimeSpan.FromMilliseconds(minMilliseconds + (Random.NextDouble() * (maxMilliseconds - minMilliseconds)));

    public bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>Runs one callback.</summary>
    /// <returns>False when nothing is left to do, now or ever.</returns>
    public bool Step()
    {
        if ((PickReady() ?? PickTimer()) is not { } next)
        {
            return false;
        }

        Steps++;
        next.Node.Run(next);
        return true;
    }

    // Callbacks of one node keep their order among themselves only as far as the thread pool would: not at all.
    private Scheduled? PickReady()
    {
        if (_ready.Count == 0)
        {
            return null;
        }

        int index = _ready.Count == 1 ? 0 : Random.Next(_ready.Count);
        Scheduled picked = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        return picked;
    }

    // A timer that was stopped or set anew, or whose process has crashed, shows nothing, and does not even move the clock.
    private Scheduled? PickTimer()
    {
        while (_timers.TryDequeue(out Scheduled? next, out (long Due, long Order) when))
        {
            if (!next.Cancelled && !next.Node.Crashed)
            {
                Now = Math.Max(Now, when.Due);
                return next;
            }
        }

        return null;
    }
}
