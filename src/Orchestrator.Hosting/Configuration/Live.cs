namespace Orchestrator.Hosting.Configuration;

/// <summary>Settings that may change while the host runs: an immutable snapshot, swapped as a whole. Whoever goes by it takes it once for what it does next.</summary>
/// <typeparam name="T">An immutable type.</typeparam>
internal sealed class Live<T>(T initial)
    where T : class
{
    private volatile T _value = initial;

    /// <summary>The snapshot in force.</summary>
    public T Value
    {
        get => _value;
        set => _value = value;
    }
}
