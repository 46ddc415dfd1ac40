using QuickStart.Progress;

namespace QuickStart.Display;

/// <summary>How many events a second each projection has advanced by, over the last two seconds.</summary>
internal sealed class Rates(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Queue<(long Timestamp, long Position)>> _seen = new(StringComparer.Ordinal);

    public void Observe(ProgressSnapshot snapshot)
    {
        long now = time.GetTimestamp();
        foreach (ProjectionProgress projection in snapshot.Projections)
        {
            if (!_seen.TryGetValue(projection.Name, out Queue<(long Timestamp, long Position)>? seen))
            {
                _seen.Add(projection.Name, seen = new Queue<(long, long)>());
            }

            seen.Enqueue((now, projection.Position));
            while (seen.Count > 2 && time.GetElapsedTime(seen.Peek().Timestamp, now) > Window)
            {
                seen.Dequeue();
            }
        }
    }

    public long Of(string projection)
    {
        if (!_seen.TryGetValue(projection, out Queue<(long Timestamp, long Position)>? seen) || seen.Count < 2)
        {
            return 0;
        }

        (long firstTime, long firstPosition) = seen.Peek();
        (long lastTime, long lastPosition) = seen.Last();
        return (long)((lastPosition - firstPosition) / Math.Max(0.001, time.GetElapsedTime(firstTime, lastTime).TotalSeconds));
    }
}
