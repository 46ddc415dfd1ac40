namespace Orchestrator.PostgreSql.Connections;

/// <summary>
/// What has been found out about proxies between this process and the server. It only becomes more careful: whoever has opened a connection before keeps what they have, and careful is right on any way.
/// </summary>
/// <param name="hasOwnCoordination">Whether kept sessions have a connection string of their own.</param>
/// <param name="borrows">Whether kept sessions come from the application's pool.</param>
internal sealed class ProxyFindings(bool hasOwnCoordination, bool borrows)
{
    private volatile bool _refusesSettings;
    private volatile Sessions _sessions;

    private enum Sessions
    {
        Unknown,
        Kept,
        Shared,
    }

    /// <summary>
    /// Whether pooled connections lead, or may lead, through a proxy that gives each transaction another session of the server: where kept sessions have a connection string of their own, or where a proxy has
    /// shown itself.
    /// </summary>
    public bool WorkIsIndirect => hasOwnCoordination || _refusesSettings || SessionsAreShared;

    /// <summary>Whether what should be kept sessions goes through such a proxy.</summary>
    public bool SessionsAreShared => _sessions == Sessions.Shared;

    /// <summary>Whether what should be kept sessions has been found to be sessions of the server, each its own.</summary>
    public bool SessionsAreKept => _sessions == Sessions.Kept;

    /// <summary>Whether kept sessions come from a pool: the application's, or that of a proxy which keeps sessions apart but takes no settings.</summary>
    public bool AreBorrowed => borrows || _refusesSettings;

    /// <summary>Whether nothing may be set up in a kept session: what is not known to be ours alone may be somebody else's next.</summary>
    public bool ArePlain => SessionsAreShared || (AreBorrowed && _sessions == Sessions.Unknown);

    /// <summary>A proxy refuses connections that bring settings along, as PgBouncer does unless it is told to ignore them.</summary>
    public void RefusesSettings() => _refusesSettings = true;

    /// <summary>Takes note of whether what should be kept sessions are shared.</summary>
    /// <returns>Whether they are found to be for the first time.</returns>
    public bool Found(bool areShared)
    {
        if (areShared)
        {
            return Interlocked.Exchange(ref _sessions, Sessions.Shared) != Sessions.Shared;
        }

        Interlocked.CompareExchange(ref _sessions, Sessions.Kept, Sessions.Unknown);
        return false;
    }
}
