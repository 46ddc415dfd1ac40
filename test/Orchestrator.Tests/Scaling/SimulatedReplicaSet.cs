using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Scaling;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Scaling;

/// <summary>A replica set whose workers manage 1,000 events a second each, under traffic that a test makes, and an autoscaler that follows the signal a minute later.</summary>
internal sealed class SimulatedReplicaSet
{
    public const double PerWorker = 1_000;

    private static readonly TimeSpan Scrape = TimeSpan.FromSeconds(15);

    private readonly ManualTime _time = new();
    private readonly ScalingSignal _signal;
    private readonly Queue<int> _ordered = new();
    private double _end;
    private double _position;
    private TimeSpan _busy;
    private long _generation = 1;

    public SimulatedReplicaSet(int workers, ReplicaSetOptions? options = null)
    {
        Workers = workers;
        Options = options ?? new ReplicaSetOptions();
        Tuning = new Live<ReplicaSetTuning>(ReplicaSetTuning.Of(Options));
        _signal = new ScalingSignal(Options, Tuning, _time);
    }

    public ReplicaSetOptions Options { get; }

    public Live<ReplicaSetTuning> Tuning { get; }

    /// <summary>How many workers there are.</summary>
    public int Workers { get; private set; }

    /// <summary>Whether the autoscaler does what the signal says.</summary>
    public bool Follows { get; init; } = true;

    /// <summary>What the signal has said, one answer a scrape.</summary>
    public List<int> Said { get; } = [];

    /// <summary>Appended and not applied.</summary>
    public double Backlog => _end - _position;

    /// <summary>How often the signal has said something else than before.</summary>
    public int Changes => Said.Zip(Said.Skip(1)).Count(pair => pair.First != pair.Second);

    /// <summary>Appends at once.</summary>
    public void Append(double events) => _end += events;

    /// <summary>Lets time pass.</summary>
    /// <param name="duration">How much.</param>
    /// <param name="appendsPerSecond">By the time that has passed.</param>
    /// <param name="isHindered">Whether nothing can be applied, for a reason that workers cannot help.</param>
    public void Run(TimeSpan duration, Func<TimeSpan, double> appendsPerSecond, bool isHindered = false)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < duration; passed += Scrape)
        {
            _time.Advance(Scrape);
            _end += appendsPerSecond(passed) * Scrape.TotalSeconds;
            double speed = PerWorker * Workers;
            double done = isHindered ? 0 : Math.Min(Backlog, speed * Scrape.TotalSeconds);
            _position += done;
            _busy += TimeSpan.FromSeconds(done / speed);
            Said.Add(Ask(isHindered));
            FollowLater(Said[^1]);
        }
    }

    public void Run(TimeSpan duration, double appendsPerSecond, bool isHindered = false) => Run(duration, _ => appendsPerSecond, isHindered);

    /// <summary>Asks now.</summary>
    public int Ask(bool isHindered = false) =>
        _signal.Ask(new LoadSample(_time.GetTimestamp(), _generation, Workers, (long)_end, [new ProjectionLoad("totals", (long)_position, _busy)]), isHindered);

    private void FollowLater(int workers)
    {
        _ordered.Enqueue(workers);
        if (_ordered.Count > 4 && _ordered.Dequeue() is var ordered && Follows && ordered != Workers)
        {
            (Workers, _generation) = (ordered, _generation + 1);
        }
    }
}
