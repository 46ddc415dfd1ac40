namespace WorkerPool;

/// <summary>Counts how many handlers run at the same time. A lane hands on one event after another, so that is how many lanes are at work.</summary>
internal sealed class LanesAtWork
{
    private readonly Lock _gate = new();
    private int _now;

    /// <summary>The most there have been.</summary>
    public int Most { get; private set; }

    /// <summary>Counts one more until the result is disposed.</summary>
    public IDisposable Enter()
    {
        lock (_gate)
        {
            Most = Math.Max(Most, ++_now);
        }

        return new Visit(this);
    }

    private void Leave()
    {
        lock (_gate)
        {
            _now--;
        }
    }

    private sealed class Visit(LanesAtWork owner) : IDisposable
    {
        public void Dispose() => owner.Leave();
    }
}
