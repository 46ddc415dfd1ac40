using Orchestrator.Hosting.Doctor;

namespace Orchestrator.Hosting.Diagnostics;

/// <summary>What the provider's log last saw of itself. One writer at a time; any readers, for whom a moment's mixture of two looks does no harm.</summary>
internal sealed class LogStatus(TimeProvider time)
{
    private const long Free = long.MinValue;

    // While somebody holds readers back, they look a few times a second. Who has not looked for this long reads no more, and knows nothing of it.
    private static readonly TimeSpan s_believed = TimeSpan.FromSeconds(10);

    private long _end;
    private long _heldSince = Free;
    private long _observedAt;
    private volatile HorizonHolder? _holder;

    /// <summary>The last position drawn.</summary>
    public long End => Interlocked.Read(ref _end);

    /// <summary>Since when (a timestamp) an open append has held the readers back; null: none does, or nobody has looked lately.</summary>
    public long? HeldSince => Interlocked.Read(ref _heldSince) is var since and not Free && time.GetElapsedTime(Interlocked.Read(ref _observedAt)) < s_believed ? since : null;

    /// <summary>Who holds them back, once it has taken a while; or null.</summary>
    public HorizonHolder? Holder => _holder;

    /// <summary>The log has been looked at.</summary>
    public void Observed(long end, long? heldSince = null, HorizonHolder? holder = null)
    {
        _holder = holder;
        Interlocked.Exchange(ref _end, end);
        Interlocked.Exchange(ref _observedAt, time.GetTimestamp());
        Interlocked.Exchange(ref _heldSince, heldSince ?? Free);
    }
}
