using Setting = Orchestrator.Hosting.Configuration.Setting<Orchestrator.Hosting.Configuration.ProjectionOptions>;

namespace Orchestrator.Hosting.Configuration;

/// <summary>What the section of a projection may hold.</summary>
internal static class ProjectionSettings
{
    private const string Inherited = "the replica set's";
    private const string OfTheAttribute = "the attribute's, else all";
    private const string AsForAll = "as in Health";

    private static readonly TimeSpan s_shortestLag = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestLag = TimeSpan.FromDays(30);

    public static IReadOnlyList<Setting> All { get; } =
    [
        Setting.Range("BatchSize", "events", o => o.BatchSize, (o, value) => o.BatchSize = value, 1, 100_000, "The most events of one transaction.") with { NotSet = Inherited, Reloads = true },
        Setting.Duration("MaxBatchDuration", o => o.MaxBatchDuration, (o, value) => o.MaxBatchDuration = value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10), "A batch that has run for this long commits what it has done.") with { NotSet = Inherited, Reloads = true },
        Setting.Range<int>("MaxConcurrency", "effects", o => o.MaxConcurrency, (o, value) => o.MaxConcurrency = value, 1, 1_000, "How many effects of a batch run at the same time, each of another aggregate; without meaning for other projections.") with { Reloads = true },
        Setting.Names("AggregateTypes", o => o.AggregateTypes, "The aggregate types wanted, compared exactly. Replaces the list in code.") with { NotSet = OfTheAttribute },
        Setting.Names("EventTypes", o => o.EventTypes, "The event types wanted, compared exactly. Replaces the list in code.") with { NotSet = OfTheAttribute },
        Setting.Choice<UnknownEvents>("UnknownEvents", o => o.UnknownEvents, (o, value) => o.UnknownEvents = value, "What happens to an event without a typed handler."),
        Setting.Duration("Lag:Degraded", o => o.Lag.Degraded, (o, value) => o.Lag.Degraded = value, s_shortestLag, s_longestLag, "How late its oldest event that waits may be before the check of the lag is degraded.") with { NotSet = AsForAll, Reloads = true },
        Setting.Duration("Lag:Unhealthy", o => o.Lag.Unhealthy, (o, value) => o.Lag.Unhealthy = value, s_shortestLag, s_longestLag, "How late it may be before the check of the lag is unhealthy.") with { NotSet = AsForAll, Reloads = true },
        .. RetrySettings.OfProjection.Select(setting => setting with { NotSet = Inherited }),
    ];
}
