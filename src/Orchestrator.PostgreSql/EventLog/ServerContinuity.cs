using Orchestrator.PostgreSql.Connections;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>
/// Whether the server has lived on from one look at the log to the next, where a proxy gives each look another of the server's sessions. A crash ends them all. So a session that this process had met before the last
/// look was sent was there when that was answered; that it answers again means that there was no crash in between. Of one that was met later nobody knows, and then what earlier looks have taught is worth nothing,
/// as with a kept session that was lost.
/// </summary>
/// <param name="connections">Remembers the server's sessions.</param>
/// <param name="beganAt">The TimeProvider's timestamp from before the first question was sent.</param>
internal sealed class ServerContinuity(PostgreSqlConnections connections, long beganAt)
{
    private long _askedAt = beganAt;

    /// <summary>Takes note of who has answered a look.</summary>
    /// <param name="processId">The session.</param>
    /// <param name="startedAt">When it began.</param>
    /// <param name="askedAt">The timestamp from before the look was sent.</param>
    /// <returns>Whether the server certainly has not crashed since the look before.</returns>
    public bool Holds(int processId, DateTime startedAt, long askedAt)
    {
        bool holds = connections.OpenedAt(processId, startedAt) <= _askedAt;
        _askedAt = askedAt;
        return holds;
    }
}
