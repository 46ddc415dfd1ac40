namespace Orchestrator.Hosting.Scaling;

/// <summary>
/// From one sample to the next: how many workers the work needs. That is (appends per second + backlog / target) / what one worker manages per second, for the projection that needs most. One owner.
/// </summary>
/// <param name="time">The clock of the samples.</param>
internal sealed class LoadMeter(TimeProvider time)
{
    // Averages over about so long. Shorter, and one import is a trend, although it is in the backlog already; longer, and a rise is seen late.
    private static readonly TimeSpan s_memoryOfAppends = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_memoryOfSpeed = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, double> _capacities = new(StringComparer.Ordinal);
    private double? _appends;
    private LoadSample? _last;

    /// <summary>Takes a sample.</summary>
    /// <param name="sample">What there is to know now.</param>
    /// <param name="target">In what time a backlog should be worked off.</param>
    /// <returns>How many workers are needed, as a fraction; null: not known from what has been seen so far.</returns>
    public double? Measure(LoadSample sample, TimeSpan target)
    {
        LoadSample? before = _last;
        _last = sample;
        if (before is null || before.GenerationId != sample.GenerationId)
        {
            return null;
        }

        TimeSpan elapsed = time.GetElapsedTime(before.At, sample.At);
        _appends = Average(_appends, Math.Max(0, sample.End - before.End) / elapsed.TotalSeconds, elapsed, s_memoryOfAppends);
        double?[] needs =
        [
            .. from now in sample.Projections
               join then in before.Projections on now.Name equals then.Name
               select NeedOf(new Step(then, now, before.End - then.Position, sample.End - now.Position, elapsed), sample.Workers, target),
        ];
        return needs.Contains(null) ? null : needs.Max() ?? 0;
    }

    /// <summary>What comes next is not to be compared with what was.</summary>
    public void Interrupt() => _last = null;

    private double? NeedOf(Step step, int workers, TimeSpan target)
    {
        double known = _capacities.GetValueOrDefault(step.Now.Name);
        double seen = step.Speed / workers;

        // A worker that keeps up shows what it manages at least, since small batches cost more an event. Only one that never caught up shows what it manages at most.
        double capacity = step.IsBehind ? Average(known > 0 ? known : null, seen, step.Elapsed, s_memoryOfSpeed) : Math.Max(known, seen);
        double work = _appends!.Value + (step.Backlog / target.TotalSeconds);
        if (capacity == 0)
        {
            return work == 0 ? 0 : null;
        }

        _capacities[step.Now.Name] = capacity;
        return step.IsBehind ? work / capacity : Math.Min(work / capacity, workers);
    }

    private static double Average(double? known, double seen, TimeSpan over, TimeSpan memory) =>
        known is { } old ? old + ((seen - old) * (1 - Math.Exp(-(over / memory)))) : seen;

    private readonly record struct Step(ProjectionLoad Then, ProjectionLoad Now, long BacklogBefore, long Backlog, TimeSpan Elapsed)
    {
        /// <summary>Whether there was more to do than was done, at both ends: then all of the time was work, reading the log included.</summary>
        public bool IsBehind => BacklogBefore >= Advanced && Backlog > Advanced;

        /// <summary>Positions per second of work; 0: none was done.</summary>
        public double Speed => Work > TimeSpan.Zero ? Advanced / Work.TotalSeconds : 0;

        private long Advanced => Math.Max(0, Now.Position - Then.Position);

        private TimeSpan Work => IsBehind ? Elapsed : Now.Busy - Then.Busy;
    }
}
