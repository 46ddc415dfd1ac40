using QuickStart.Progress;

namespace QuickStart.Running;

/// <summary>Ends a run that no longer moves, instead of waiting for ever.</summary>
internal sealed class StallGuard(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private long _lastSum = -1;
    private long _since;

    public void Observe(ProgressSnapshot snapshot)
    {
        long sum = snapshot.Imported + snapshot.Projections.Sum(projection => projection.Position);
        if (sum != _lastSum)
        {
            _lastSum = sum;
            _since = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(_since) > Patience)
        {
            throw new TimeoutException($"Nothing has moved for {Patience.TotalMinutes:0} minutes, and not every projection is at the end of the log.");
        }
    }
}
