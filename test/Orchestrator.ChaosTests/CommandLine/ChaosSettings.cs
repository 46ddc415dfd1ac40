using Orchestrator.Hosting.Configuration;

namespace Orchestrator.ChaosTests.CommandLine;

/// <summary>What a run of the chaos is told.</summary>
internal sealed record ChaosSettings
{
    /// <summary>For how long faults happen.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Where the logs of the workers go.</summary>
    public required string LogFolder { get; init; }

    /// <summary>How many worker processes there are, besides those that come and go.</summary>
    public int WorkerCount { get; init; } = 8;

    /// <summary>How many clients append.</summary>
    public int Appenders { get; init; } = 8;

    /// <summary>By which chance all is chosen. The same seed chooses the same faults; what they hit is up to the machine.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The kinds of faults, by how their names begin; none: all.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>The average time between the beginnings of two faults.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How many faults may happen at a time.</summary>
    public int AtOnce { get; init; } = 4;

    /// <summary>How soon everything must be applied when the faults are over.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The strategies that workers are started with, in turn: the one of whoever leads counts.</summary>
    public IReadOnlyList<RebalanceStrategy> Strategies { get; init; } = [RebalanceStrategy.Recreate];

    /// <summary>More settings of the workers, as a command line says them.</summary>
    public IReadOnlyList<string> Workers { get; init; } = [];
}
