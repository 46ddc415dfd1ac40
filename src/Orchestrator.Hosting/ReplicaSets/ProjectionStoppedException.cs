namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>A projection has stopped because its handler kept failing, so that it can never reach the end of the log.</summary>
public sealed class ProjectionStoppedException : Exception
{
    internal ProjectionStoppedException(string replicaSet, string projection, long position, string? cause)
        : base($"The projection '{projection}' of the replica set '{replicaSet}' has stopped behind position {position}: its handler kept failing ({cause ?? "unknown"}; the log has the whole error). Mend the handler or the event, and run again: it goes on where it stopped.")
    {
        ReplicaSet = replicaSet;
        Projection = projection;
        Position = position;
    }

    /// <summary>The replica set.</summary>
    public string ReplicaSet { get; }

    /// <summary>The projection.</summary>
    public string Projection { get; }

    /// <summary>The last position that it has applied.</summary>
    public long Position { get; }
}
