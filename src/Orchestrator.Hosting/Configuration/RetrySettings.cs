namespace Orchestrator.Hosting.Configuration;

/// <summary>What may stand below <c>Retry</c> in the section of a replica set or a projection.</summary>
internal static class RetrySettings
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    /// <summary>The settings of a replica set.</summary>
    public static IEnumerable<Setting<ReplicaSetOptions>> OfReplicaSet { get; } =
    [
        MaxAttempts<ReplicaSetOptions>(o => o.Retry.MaxAttempts, (o, value) => o.Retry.MaxAttempts = value),
        InitialDelay<ReplicaSetOptions>(o => o.Retry.InitialDelay, (o, value) => o.Retry.InitialDelay = value),
        MaxDelay<ReplicaSetOptions>(o => o.Retry.MaxDelay, (o, value) => o.Retry.MaxDelay = value),
        JitterFactor<ReplicaSetOptions>(o => o.Retry.JitterFactor, (o, value) => o.Retry.JitterFactor = value),
    ];

    /// <summary>The settings of a projection.</summary>
    public static IEnumerable<Setting<ProjectionOptions>> OfProjection { get; } =
    [
        MaxAttempts<ProjectionOptions>(o => o.Retry.MaxAttempts, (o, value) => o.Retry.MaxAttempts = value),
        InitialDelay<ProjectionOptions>(o => o.Retry.InitialDelay, (o, value) => o.Retry.InitialDelay = value),
        MaxDelay<ProjectionOptions>(o => o.Retry.MaxDelay, (o, value) => o.Retry.MaxDelay = value),
        JitterFactor<ProjectionOptions>(o => o.Retry.JitterFactor, (o, value) => o.Retry.JitterFactor = value),
    ];

    /// <summary>What must hold between the values, when all is said.</summary>
    public static IEnumerable<string> Clashes(string path, RetryPolicy retry)
    {
        if (retry.MaxDelay < retry.InitialDelay)
        {
            yield return $"{path}:Retry:MaxDelay is {SettingText.Of(retry.MaxDelay)}. Allowed: at least Retry:InitialDelay ({SettingText.Of(retry.InitialDelay)}).";
        }
    }

    private static Setting<TOptions> MaxAttempts<TOptions>(Func<TOptions, int?> get, Action<TOptions, int> set) =>
        Setting<TOptions>.Range("Retry:MaxAttempts", "attempts", get, set, 1, 1_000, "How often an event that fails alone is tried.") with { Reloads = true };

    private static Setting<TOptions> InitialDelay<TOptions>(Func<TOptions, TimeSpan?> get, Action<TOptions, TimeSpan> set) =>
        Setting<TOptions>.Duration("Retry:InitialDelay", get, set, TimeSpan.Zero, s_hour, "The pause behind the first failure; it doubles with every further one.") with { Reloads = true };

    private static Setting<TOptions> MaxDelay<TOptions>(Func<TOptions, TimeSpan?> get, Action<TOptions, TimeSpan> set) =>
        Setting<TOptions>.Duration("Retry:MaxDelay", get, set, TimeSpan.Zero, s_hour, "The longest pause; at least `Retry:InitialDelay`.") with { Reloads = true };

    private static Setting<TOptions> JitterFactor<TOptions>(Func<TOptions, double?> get, Action<TOptions, double> set) =>
        Setting<TOptions>.Range("Retry:JitterFactor", "parts of the pause", get, set, 0d, 1d, "By how much of itself a pause varies at random, so that workers do not retry in step.") with { Reloads = true };
}
