using Setting = Orchestrator.Hosting.Configuration.Setting<Orchestrator.Hosting.Health.OrchestratorHealthOptions>;

namespace Orchestrator.Hosting.Health;

/// <summary>What the section <c>Orchestrator:Health</c> may hold.</summary>
internal static class HealthSettings
{
    public static IReadOnlyList<Setting> All { get; } =
    [
        Setting.Duration(
            "LoopTimeout",
            o => o.LoopTimeout,
            (o, value) => o.LoopTimeout = value,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromHours(1),
            "How long a loop may be overdue before liveness fails, and how long a handler may work on one batch before readiness is degraded.") with { Reloads = true },
    ];
}
