namespace WithLogging;

/// <summary>How often the handler is to fail.</summary>
internal sealed class Mood
{
    private int _bad;

    /// <summary>The next calls fail.</summary>
    public void Spoil(int calls) => Interlocked.Exchange(ref _bad, calls);

    /// <summary>Whether this call is to fail.</summary>
    public bool IsBad() => Volatile.Read(ref _bad) > 0 && Interlocked.Decrement(ref _bad) >= 0;
}
