namespace Orchestrator.Simulation.Scheduling;

/// <summary>
/// Owns time, chance and order. Everything that runs is a callback in here: the world picks the next one, by a seeded choice among those that could run now, and when none can,
/// moves the clock to the next timer. One thread, no real time: the same seed does the same.
/// </summary>
internal sealed class World(int seed)
{
    private readonly PriorityQueue<(SimulatedNode Node, Action Callback), (long Due, long Order)> _timers = new();
    private readonly List<(SimulatedNode Node, Action Callback)> _ready = [];
    private long _order;

    public Random Random { get; } = new(seed);

    /// <summary>Virtual time, in ticks of 100 ns.</summary>
    public long Now { get; private set; }

    public long Steps { get; private set; }

    /// <summary>When set, hears of everything worth telling.</summary>
    public Action<string>? Trace { get; set; }

    public void Say(SimulatedNode node, string what) => Trace?.Invoke(FormattableString.Invariant($"{Now / 10_000d,10:0.000} ms  {node.Name,-8} {what}"));

    public void Post(SimulatedNode node, Action callback) => _ready.Add((node, callback));

    public void At(SimulatedNode node, TimeSpan delay, Action callback) => _timers.Enqueue((node, callback), (Now + Math.Max(0, delay.Ticks), _order++));

    public TimeSpan Between(double minMilliseconds, double maxMilliseconds) =>
        TimeSpan.FromMilliseconds(minMilliseconds + (Random.NextDouble() * (maxMilliseconds - minMilliseconds)));

    public bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>Runs one callback.</summary>
    /// <returns>False when nothing is left to do, now or ever.</returns>
    public bool Step()
    {
        Steps++;
        if (PickReady() is not { } next)
        {
            if (!_timers.TryDequeue(out next, out (long Due, long Order) when))
            {
                return false;
            }

            Now = Math.Max(Now, when.Due);
        }

        next.Node.Run(next.Callback);
        return true;
    }

    private (SimulatedNode Node, Action Callback)? PickReady()
    {
        if (_ready.Count == 0)
        {
            return null;
        }

        int index = Random.Next(_ready.Count);
        (SimulatedNode, Action) picked = _ready[index];

        // Callbacks of one node keep their order among themselves only as far as the thread pool would: not at all.
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        return picked;
    }
}
