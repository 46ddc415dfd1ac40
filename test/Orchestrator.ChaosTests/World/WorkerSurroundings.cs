using Orchestrator.Hosting.Configuration;

namespace Orchestrator.ChaosTests.World;

/// <summary>What the places of workers have in common.</summary>
/// <param name="Server">The way to the server.</param>
/// <param name="Bouncer">The way to PgBouncer; null: there is none.</param>
/// <param name="MakeClock">Makes a clock for the process; null: they cannot be shifted.</param>
/// <param name="Settings">The workers' settings.</param>
/// <param name="Strategies">Their strategies, in turn.</param>
/// <param name="LogFolder">Where the workers' logs go.</param>
/// <param name="Findings">Where it is noted when a worker does what it should not.</param>
internal sealed record WorkerSurroundings(
    string Server, string? Bouncer, Func<int, ShiftableClock>? MakeClock, IReadOnlyList<string> Settings, IReadOnlyList<RebalanceStrategy> Strategies, string LogFolder, Findings Findings)
{
    /// <summary>The name that the sessions of the workers' pools go by, where they have none of their own.</summary>
    public const string WorkName = "chaos work";
}
