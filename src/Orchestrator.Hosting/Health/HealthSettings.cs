using Setting = Orchestrator.Hosting.Configuration.Setting<Orchestrator.Hosting.Health.OrchestratorHealthOptions>;

namespace Orchestrator.Hosting.Health;

/// <summary>What the section <c>Orchestrator:Health</c> may hold.</summary>
internal static class HealthSettings
{
    private static readonly TimeSpan s_shortestLag = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestLag = TimeSpan.FromDays(30);

    public static IReadOnlyList<Setting> All { get; } =
    [
        Setting.Duration(
            "LoopTimeout",
            o => o.LoopTimeout,
            (o, value) => o.LoopTimeout = value,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromHours(1),
            "How long a loop may be overdue before liveness fails, and how long a handler may work on one batch before readiness is degraded.") with { Reloads = true },
        Setting.Duration(
            "Lag:Degraded",
            o => o.Lag.Degraded,
            (o, value) => o.Lag.Degraded = value,
            s_shortestLag,
            s_longestLag,
            "How late the oldest event that waits may be before the check of the lag is degraded.") with { Reloads = true },
        Setting.Duration(
            "Lag:Unhealthy",
            o => o.Lag.Unhealthy,
            (o, value) => o.Lag.Unhealthy = value,
            s_shortestLag,
            s_longestLag,
            "How late it may be before the check of the lag is unhealthy; none: it never is.") with { Reloads = true },
    ];
}
