using System.Collections.Concurrent;

namespace Orchestrator.PostgreSql.Connections;

/// <summary>
/// When this process first met each session of the server. Behind a proxy a connection of ours says nothing about the server's: the server may have crashed and started again while ours stayed open.
/// First met is later than opened, which is safe: pages from before are then read again.
/// </summary>
internal sealed class ServerSessions(TimeProvider time)
{
    // Forgetting them all costs each a page that is read again.
    private const int MostKnown = 10_000;

    private readonly ConcurrentDictionary<(int ProcessId, DateTime StartedAt), long> _metAt = new();

    /// <summary>When a session was first met, as the TimeProvider's timestamp.</summary>
    public long MetAt(int processId, DateTime startedAt)
    {
        if (_metAt.Count >= MostKnown)
        {
            _metAt.Clear();
        }

        return _metAt.GetOrAdd((processId, startedAt), _ => time.GetTimestamp());
    }
}
