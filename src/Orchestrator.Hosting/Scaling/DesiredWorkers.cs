namespace Orchestrator.Hosting.Scaling;

/// <summary>From what is needed to what is asked for: more at once, fewer only when fewer would have been enough for a while, with room to spare. One owner.</summary>
/// <param name="most">More are of no use.</param>
/// <param name="time">The clock.</param>
internal sealed class DesiredWorkers(int most, TimeProvider time)
{
    // How much of what they manage the fewer workers may have to do.
    private const double Headroom = 0.8;

    private int? _desired;
    private (long Since, int Most)? _fewer;

    /// <summary>Takes what is needed now.</summary>
    /// <param name="needed">How many workers, as a fraction; null: not known.</param>
    /// <param name="workers">How many there are. With nothing else known, that many are asked for.</param>
    /// <param name="patience">For how long fewer must have been enough.</param>
    /// <returns>How many workers there should be.</returns>
    public int Follow(double? needed, int workers, TimeSpan patience)
    {
        int desired = _desired ?? Bounded(workers);
        if (needed is not { } need)
        {
            _fewer = null;
        }
        else if (Math.Min(Bounded(need), 2 * workers) is var more && more > desired)
        {
            // No more than twice as many at a time: how much further it would help is a guess.
            (desired, _fewer) = (Bounded(more), null);
        }
        else
        {
            desired = Shrink(desired, Bounded(need / Headroom), patience);
        }

        _desired = desired;
        return desired;
    }

    private int Shrink(int desired, int enough, TimeSpan patience)
    {
        if (enough >= desired)
        {
            _fewer = null;
            return desired;
        }

        _fewer = _fewer is { } known ? known with { Most = Math.Max(known.Most, enough) } : (time.GetTimestamp(), enough);
        if (time.GetElapsedTime(_fewer.Value.Since) < patience)
        {
            return desired;
        }

        int fewer = _fewer.Value.Most;
        _fewer = null;
        return fewer;
    }

    private int Bounded(double workers) => (int)Math.Clamp(Math.Ceiling(workers), 1, most);
}
