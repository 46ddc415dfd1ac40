namespace Orchestrator.ChaosTests.Faults;

/// <summary>How often each kind of fault has struck.</summary>
internal sealed class FaultTally
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Fired, int Missed)> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _skipped = new(StringComparer.Ordinal);

    /// <summary>By kind: how often it struck, and how often it found nothing to strike.</summary>
    public IReadOnlyDictionary<string, (int Fired, int Missed)> Counts => _counts;

    /// <summary>By kind: why this machine cannot cause it.</summary>
    public IReadOnlyDictionary<string, string> Skipped => _skipped;

    /// <summary>Which kinds have not struck yet, though they can.</summary>
    public IReadOnlyList<string> NeverFired
    {
        get
        {
            lock (_lock)
            {
                return [.. _counts.Where(pair => pair.Value.Fired == 0).Select(pair => pair.Key)];
            }
        }
    }

    public int Fired
    {
        get
        {
            lock (_lock)
            {
                return _counts.Values.Sum(count => count.Fired);
            }
        }
    }

    public void Expect(string kind) => _counts[kind] = default;

    public void Skip(string kind, string why) => _skipped[kind] = why;

    public void Count(string kind, bool fired)
    {
        lock (_lock)
        {
            (int before, int missed) = _counts[kind];
            _counts[kind] = fired ? (before + 1, missed) : (before, missed + 1);
        }
    }
}
