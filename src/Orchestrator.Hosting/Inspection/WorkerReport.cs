namespace Orchestrator.Hosting.Inspection;

/// <summary>A registered worker.</summary>
/// <param name="Id">Its id, new for every registration.</param>
/// <param name="HostName">The machine that it runs on.</param>
/// <param name="ProcessId">Its process there.</param>
/// <param name="ApplicationVersion">Its program's version.</param>
public sealed record WorkerReport(Guid Id, string HostName, int ProcessId, string ApplicationVersion)
{
    /// <summary>Its partition, from 0; null: it has none, because it stands by or has not been given one yet.</summary>
    public required int? Partition { get; init; }

    /// <summary>Whether its partition is set by hand.</summary>
    public required bool IsStatic { get; init; }

    /// <summary>The newest generation that it has acknowledged; 0: none.</summary>
    public required long GenerationId { get; init; }

    /// <summary>How many lanes it works in.</summary>
    public required int Lanes { get; init; }

    /// <summary>The projections that its program has.</summary>
    public required IReadOnlyList<string> Projections { get; init; }

    /// <summary>When it registered.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The age of its last heartbeat; null: it has sent none.</summary>
    public required TimeSpan? HeartbeatAge { get; init; }

    /// <summary>Whether its session is open; if not, it is gone and will be taken off the roster. Null: that cannot be told, because it is connected through a proxy, or this was read from a standby.</summary>
    public required bool? IsConnected { get; init; }
}
