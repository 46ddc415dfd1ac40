using System.Collections.Concurrent;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>Keeps one string for each of the few names that recur in every event, so that a cached page does not hold a thousand copies. Bounded.</summary>
internal sealed class StringCache
{
    private const int Capacity = 2_000;

    private readonly ConcurrentDictionary<string, string> _strings = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The string kept that equals this one, or this one.</summary>
    public string Intern(string text)
    {
        if (_strings.TryGetValue(text, out string? kept))
        {
            return kept;
        }

        if (Volatile.Read(ref _count) < Capacity && _strings.TryAdd(text, text))
        {
            Interlocked.Increment(ref _count);
        }

        return text;
    }
}
